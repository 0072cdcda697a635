import { at, bold, counted, outside, type Text } from '#core';
import { type Drill, Drilled, type KeyOverview, keysRotateWorkflow, lookAtKeys } from '#keys';
import type { Card } from '#ports';
import type { Vault } from '#vault';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What the card is made of. */
export type KeysWorld = { readonly backup: { readonly vault: Vault } } & Pick<
  HoldfastWorld,
  'plan' | 'clock' | 'journal'
>;

const SHOWN = 3;
const DAY_MS = 86_400_000;

/**
 * `/dr keys`: how old the wraps are, which are not in every region, which KMS keys are still needed, and what each
 * region's key opened alone when that was last tried. Nothing is opened here: whoever answers need not be able to.
 */
export async function keysCard(world: KeysWorld): Promise<Card> {
  const overview = await lookAtKeys(world.backup.vault);
  if (overview.keys.length === 0) return card('No key yet.', [lines(['No backup yet, so there is no key.'])]);
  const drill = await lastDrill(world);
  const regions = world.backup.vault.keys.map(({ region }) => region);
  const short = overview.keys.filter(({ lacks }) => lacks.length > 0);
  return card('Data keys', [
    lines(headLine(overview, short.length), ageLine(overview, world)),
    ...regions.map((region) => lines(...regionLines(region, overview, drill))),
    short.length === 0 ? [] : [lines(...shortLines(short))],
    small(
      overview.unreachable.length > 0 ? `No answer from ${overview.unreachable.join(', ')}. ` : '',
      overview.unreadable.length > 0 ? `Manifest unreadable: ${overview.unreadable.slice(0, SHOWN).join(', ')}. ` : '',
      'As the files say. Prove and renew: /dr keys rotate',
    ),
  ]);
}

interface LastDrill {
  readonly drills: readonly Drill[];
  readonly at: Date;
}

async function lastDrill(world: KeysWorld): Promise<LastDrill | undefined> {
  const runs = await world.journal.find({
    where: { workflow: keysRotateWorkflow.name },
    sort: { by: 'createdAt', order: 'descending' },
    limit: 10,
  });
  for (const { value } of runs) {
    const step = value.steps.find(({ name, state }) => name === 'drill' && state === 'done');
    const drilled = Drilled.safeParse(step?.output);
    if (drilled.success && step?.endedAt) return { drills: drilled.data.drills, at: step.endedAt };
  }
  return undefined;
}

const headLine = ({ keys }: KeyOverview, short: number): Text => [
  bold('Data keys'),
  ` - ${counted(keys.length, 'key')}, ${short === 0 ? 'each in every region' : `${short} not in every region`}`,
];

function ageLine({ keys }: KeyOverview, { plan, clock }: KeysWorld): Text {
  const days = plan.encryption.keyRotationDays;
  const before = clock.now().getTime() - days * DAY_MS;
  const due = keys.filter(({ madeAt }) => madeAt === undefined || madeAt.getTime() <= before).length;
  const oldest = keys.flatMap(({ madeAt }) => madeAt ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  return [
    ...(oldest ? ['Oldest wraps of ', at(oldest), '. '] : []),
    due === 0 ? `None older than ${days} days.` : `${due} due, older than ${days} days.`,
  ];
}

/** The region, what its key opened alone, and the KMS keys that its wraps need, the current one first. */
function regionLines(region: string, { keys }: KeyOverview, last: LastDrill | undefined): Text[] {
  const drill = last?.drills.find((one) => one.region === region);
  const counts = new Map<string, number>();
  for (const { wraps } of keys) {
    for (const wrap of wraps) {
      if (wrap.region === region) counts.set(wrap.keyName, (counts.get(wrap.keyName) ?? 0) + 1);
    }
  }
  const verdict: Text =
    drill && last
      ? [
          `  ${drill.result === 'OPENS' ? `alone opened ${drill.backup}` : `${drill.result}: ${drill.problem ?? ''}`}, `,
          at(last.at),
        ]
      : ['  not tried alone yet'];
  const names = [...counts]
    .slice(0, SHOWN)
    .map(([name, count]): Text => ['  ', outside(shortName(name)), ` wraps ${count}`]);
  const more = counts.size > 1 ? [['  Keep them all until one is left: /dr keys rotate'] satisfies Text] : [];
  return [[bold(region)], verdict, ...names, ...more];
}

/** `key/1234abcd-...` of an ARN; an alias as it is. */
const shortName = (keyName: string): string => keyName.replace(/^arn:[^/]*:/, '');

const shortLines = (short: KeyOverview['keys']): Text[] => [
  [bold('Not in every region')],
  ...short.slice(0, SHOWN).map(({ key, lacks }): Text => [`  ${key}: not ${lacks.join(', ')}`]),
  ...(short.length > SHOWN ? [[`  and ${short.length - SHOWN} more`] satisfies Text] : []),
];

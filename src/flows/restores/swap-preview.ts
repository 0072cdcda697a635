import type { Preview } from '#chatops';
import { at, closest, counted, DrError, formatCount, type RequestId, type Text } from '#core';
import {
  BesideVerification,
  isChosen,
  planSwap,
  pointOf,
  RestoredBeside,
  type RestoredTo,
  RestoreInput,
  restoredTo,
  SwapInput,
  type SwapOfCollection,
} from '#restore';
import { ManifestHeader } from '#vault';
import type { RunRecord } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { namespacesOf } from './name-choice.ts';

/** Writes lost may grow while people decide; this much more than shown, and they are asked again. */
const MORE_WRITES_ALLOWED = 10_000;
/** Renames take milliseconds; the block in front of them may wait for open transactions. */
const PAUSE_LIMIT_MS = 10_000;

interface SwapArgs {
  readonly restore: RequestId;
  readonly only: string | undefined;
  readonly all: boolean;
}

/**
 * What putting a restore's data in place would do, and what would be lost by it. Without a choice, only the collections
 * that were dropped from the live data are taken: the others would lose what was written since.
 */
export async function swapPreview(args: SwapArgs, world: HoldfastWorld): Promise<Preview> {
  const run = await finishedRun(args.restore, 'restore', world);
  const input = RestoreInput.parse(run.input);
  const beside = RestoredBeside.parse(outputOf(run, 'load'));
  const restored = beside.collections;
  const opened = ManifestHeader.parse(outputOf(run, 'open'));
  const proof = BesideVerification.parse(outputOf(run, 'prove'));
  const target = await world.restore.openTarget();
  const oplog = await world.restore.openOplog();
  const since = restoredTo(pointOf(input), opened.window.end);
  try {
    const staying = restored.filter(({ timeSeries }) => timeSeries).map(({ database, name }) => `${database}.${name}`);
    const swappable = restored.filter(({ timeSeries }) => !timeSeries);
    refuseStaying(args, staying, swappable.length, world);
    const plan = await planSwap({
      since,
      collections: swappable,
      target,
      oplog,
      runId: args.restore,
      signal: AbortSignal.timeout(120_000),
    });
    const chosen = choose(args, plan.collections, world);
    const lost = writesTo(chosen);
    const names = chosen.map(({ database, name }) => `${database}.${name}`);
    const collections = swappable.filter(({ database, name }) => names.includes(`${database}.${name}`));
    // a choice is a choice of views too: whatever else is missing was not asked for
    const views = input.namespaces && beside.views ? { views: beside.views } : {};
    const words = names.length > 3 ? `${names.length} collections` : names.join(', ');
    return {
      title: `swap in ${words} from ${args.restore}`,
      job: 'restore-swap',
      payload: { restore: args.restore, ...pointOf(input), collections, ...views } satisfies SwapInput,
      facts: {
        restore: args.restore,
        ...pointOf(input),
        collections,
        ...views,
        live: chosen.map(({ name, live }) => ({ name, live })),
      },
      limits: { pauseMs: PAUSE_LIMIT_MS, ...(lost === undefined ? {} : { writesLost: lost + MORE_WRITES_ALLOWED }) },
      live: { ...(lost === undefined ? {} : { writesLost: lost }) },
      sections: [
        {
          lines: [
            ...liveLines(chosen),
            ...restoredLines(proof, names, restoredSeconds(since)),
            ...(staying.length > 0 ? [[`Stays beside: ${staying.join(', ')}. ${NOT_RENAMED}`]] : []),
          ],
        },
        { heading: 'You would lose', lines: lossLines(chosen, plan.collections, args) },
      ],
      details: [
        { heading: 'Collections', lines: chosen.map((one) => [`${one.database}.${one.name}: ${sinceWords(one)}`]) },
      ],
      effect:
        lost === 0
          ? 'No write is lost.'
          : `Writes since the backup are put aside${lost === undefined ? '' : `: ${formatCount(lost)}`}.`,
      smallPrint: [
        `Old data is kept beside for ${world.plan.mongodb.restore.keepReplacedDays} days. Undo: /dr restore undo and its number.`,
      ],
    };
  } finally {
    await Promise.all([target.close(), oplog.close()]);
  }
}

const NOT_RENAMED = 'No server renames a time-series collection.';

/** Throws ARGUMENTS_INVALID (user) where time-series collections are all there is to swap, or are chosen by name. */
function refuseStaying({ only }: SwapArgs, staying: readonly string[], others: number, world: HoldfastWorld): void {
  const wanted = only === undefined ? undefined : namespacesOf(only, world.plan.mongodb.databases);
  const [named] = staying.filter((name) => (wanted ? wanted.includes(name) : others === 0));
  if (!named) return;
  throw new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `${named} is a time-series collection and can't be swapped in. ${NOT_RENAMED} Nothing was changed.`,
    { hint: `Restore it under a new name: /dr restore ... --as ${named}=${named}_restored` },
  );
}

/** What undoing a swap would do. */
export async function undoPreview({ swap }: { swap: RequestId }, world: HoldfastWorld): Promise<Preview> {
  const run = await finishedRun(swap, 'restore-swap', world);
  const input = SwapInput.parse(run.input);
  const names = input.collections.map(({ database, name }) => `${database}.${name}`);
  return {
    title: `undo of ${swap}: ${names.length > 3 ? `${names.length} collections` : names.join(', ')}`,
    job: 'restore-undo',
    payload: input,
    facts: { swap, restore: input.restore, collections: input.collections },
    limits: { pauseMs: PAUSE_LIMIT_MS },
    live: {},
    sections: [
      {
        lines: [
          [`Live again as before ${swap}: ${names.join(', ')}.`],
          ['What was written since the swap stays in the restored data, which goes beside again.'],
        ],
      },
    ],
    details: [],
    effect: 'Writes since the swap are put aside, not lost.',
    smallPrint: [],
  };
}

/** The second that people read: the last whole one that is in it. */
const restoredSeconds = ({ before }: RestoredTo): number =>
  before.increment === 0 ? before.seconds - 1 : before.seconds;

async function finishedRun(id: RequestId, workflow: string, { journal }: HoldfastWorld): Promise<RunRecord> {
  const run = (await journal.get(id))?.value;
  if (run?.workflow === workflow && run.state === 'done') return run;
  const what = workflow === 'restore' ? 'a restore' : 'a swap';
  throw new DrError('WRONG_STATE', 'user', `${id} is not ${what} that is done. Nothing was changed.`, {
    hint: run ? `Look: /dr show ${id}` : 'Restore first: /dr restore latest',
  });
}

const outputOf = (run: RunRecord, step: string): unknown => run.steps.find(({ name }) => name === step)?.output;

function choose(
  { only, all }: SwapArgs,
  found: readonly SwapOfCollection[],
  world: HoldfastWorld,
): readonly SwapOfCollection[] {
  if (only !== undefined) {
    const wanted = namespacesOf(only, world.plan.mongodb.databases);
    const names = found.map(({ database, name }) => `${database}.${name}`);
    const unknown = wanted.find((each) => !names.some((name) => isChosen(name, [each])));
    if (!unknown) return found.filter(({ database, name }) => isChosen(`${database}.${name}`, wanted));
    const near = closest(unknown, names);
    const meant = near ? ` Did you mean ${near}?` : '';
    throw new DrError('NOT_FOUND', 'user', `The restore has no collection ${unknown}.${meant} Nothing was changed.`, {
      hint: `It has ${names.join(', ')}.`,
    });
  }
  const gone = found.filter(({ live }) => live !== 'present');
  return all || gone.length === 0 ? found : gone;
}

function writesTo(collections: readonly SwapOfCollection[]): number | undefined {
  let sum = 0;
  for (const { since, live } of collections) {
    if (live === 'missing') continue;
    if (since.kind === 'unknown') return undefined;
    sum += since.inserts + since.updates + since.deletes;
  }
  return sum;
}

const liveLines = (chosen: readonly SwapOfCollection[]): Text[] =>
  chosen
    .filter(({ live }) => live !== 'present')
    .map(({ database, name, live }) => [
      `Live ${database}.${name} ${live === 'missing' ? 'is missing' : 'was dropped, and made again by whoever went on writing'}.`,
    ]);

function restoredLines(proof: BesideVerification, names: readonly string[], seconds: number): Text[] {
  const mine = proof.collections.filter(({ namespace }) => names.includes(namespace));
  const documents = mine.reduce((sum, one) => sum + one.documents, 0);
  return [
    [
      `Restored: ${formatCount(documents)} documents as of `,
      at(new Date(seconds * 1000)),
      ', equal in count and hash, with indexes and options.',
    ],
  ];
}

function lossLines(
  chosen: readonly SwapOfCollection[],
  all: readonly SwapOfCollection[],
  { restore }: SwapArgs,
): Text[] {
  const lost = writesTo(chosen);
  const line: Text =
    lost === undefined
      ? ['Not known: the oplog no longer reaches back to the backup.']
      : lost === 0
        ? ['Nothing.']
        : [`Writes to ${counted(chosen.length, 'collection')} since then: ${formatCount(lost)}.`];
  if (chosen.length === all.length) return [line];
  const rest = writesTo(all.filter((one) => !chosen.includes(one)));
  const more = rest === undefined ? 'an unknown number of writes' : `${formatCount(rest)} writes`;
  return [
    line,
    [
      `The other ${all.length - chosen.length} stay as they are (${more} since then). All of them: /dr restore swap ${restore} --all`,
    ],
  ];
}

function sinceWords({ live, since }: SwapOfCollection): string {
  if (live === 'missing') return 'missing now';
  if (since.kind === 'unknown') return 'writes since then not known';
  return `${formatCount(since.inserts)} inserted, ${formatCount(since.updates)} changed, ${formatCount(since.deletes)} removed since then`;
}

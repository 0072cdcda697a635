import type { Asked, Preview, Section } from '#chatops';
import { at, capital, counted, DrError, formatCount, formatDuration, say, type Text } from '#core';
import { previewUnplanned, type UnplannedPreview, unplannedWorkflow } from '#failover';
import { type StepHistory, stepHistory } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { approvedHost } from './approved-host.ts';
import { pendulumLines } from './last-move.ts';

type Possible = Extract<UnplannedPreview, { readonly facts: unknown }>;

/**
 * The preview of a failover away from a lost region. Throws what stands in its way, with the next safe thing; nothing was
 * changed, and no card with an Approve button is made.
 */
export async function unplannedPreview(
  { region, reason }: { region: string; reason: string },
  asked: Asked,
  world: HoldfastWorld,
): Promise<Preview> {
  const lost = world.lostRegion();
  const found = await previewUnplanned(lost, { to: region, approvedHost: approvedHost(asked) }, world.clock);
  if ('problem' in found) throw found.problem;
  const history = await stepHistory(world.journal, unplannedWorkflow.name);
  const { facts, limits, live } = found;
  return {
    title: `${facts.move} ${facts.from} -> ${facts.to}`,
    alert: `${facts.from} is DOWN. Failover to ${facts.to} may lose up to ${formatDuration(live.lossMs)} of writes`,
    job: unplannedWorkflow.name,
    payload: { facts, limits, reason },
    facts: { ...facts },
    limits: { ...limits },
    live: { ...live, durationMs: history.totalUsualMs },
    sections: [
      { heading: 'What it costs', lines: [...costLines(found), forecast(found, history)] },
      { heading: `Is ${facts.from} fenced?`, lines: fenceLines(found) },
      { heading: `Is ${facts.to} ready?`, lines: [...readyLines(found), ...(await pendulumLines(world))] },
    ],
    details: changes(found),
    effect: `About ${formatDuration(live.lossMs)} of writes may be lost (approved up to ${formatDuration(limits.lossMs)}).`,
    smallPrint: [
      history.runs > 0
        ? `Times from ${counted(history.runs, 'run')}.`
        : 'This failover has never been run here: no times yet.',
    ],
  };
}

function costLines({ live, limits, tail, overPlan }: Possible): Text[] {
  const near = live.lossWrites === undefined ? '' : `, near ${formatCount(live.lossWrites)} writes`;
  const more = overPlan ? ", MORE THAN THE PLAN'S LIMIT" : '';
  const back =
    live.vaultEntries > 0
      ? [
          [
            `The vault holds ${formatCount(live.vaultEntries)} changes (${formatDuration(live.vaultMs)}) that the survivor lacks; they are put back in step 3.`,
          ],
        ]
      : [];
  const refused = tail?.refused === undefined ? [] : [[`What the vault has can not be put back: ${tail.refused}.`]];
  return [
    [
      `Writes that may be lost: about ${formatDuration(live.lossMs)}${near} (approved up to ${formatDuration(limits.lossMs)}${more}).`,
    ],
    ...back,
    ...refused,
  ];
}

/** Until the first write is accepted; all of them have to be over. */
const UNTIL_OPEN = ['fence', 'promote', 'recover-tail', 'open-writes'];

/** By the runs there were; with none, only the limit that is approved. */
function forecast({ fence, limits }: Possible, { runs, steps, totalUsualMs }: StepHistory): Text {
  const limit = `limit ${formatDuration(limits.durationMs)}`;
  const usual = UNTIL_OPEN.map((name) => steps.get(name)?.usualMs);
  if (runs === 0 || usual.includes(undefined)) return [`How long it takes here is not known yet (${limit}).`];
  // That step waits out the lease: by what it says now, if that is longer than it usually was.
  const longer = Math.max(0, fence.waitMs - (usual[0] ?? 0));
  const openMs = usual.reduce<number>((sum, ms) => sum + (ms ?? 0), longer);
  return [
    `Writes are accepted about ${formatDuration(openMs)} after the last approval, all done in about ${formatDuration(totalUsualMs + longer)} (${limit}).`,
  ];
}

function fenceLines({ fence, facts }: Possible): Text[] {
  const why = fence.reasons.length > 0 ? [[`${capital(fence.reasons.join('; '))}.`]] : [];
  if (fence.standing === 'proved') return [['Yes.'], ...why];
  return [
    [
      `Not yet: ${facts.from} still renews its lease. It is closed first, and ${formatDuration(fence.waitMs)} are waited.`,
    ],
    ...why,
  ];
}

function readyLines({ live, facts, unread }: Possible): Text[] {
  const services = live.servicesReady === undefined ? [] : [[`${live.servicesReady} services answer in ${facts.to}.`]];
  const caches = (facts.caches ?? []).map(
    ({ name, onRegionLoss }): Text => [
      `Cache ${name}: ${onRegionLoss === 'promote' ? `the copy in ${facts.to} is promoted` : 'starts empty'}.`,
    ],
  );
  const room = live.roomFor === undefined ? [] : [[`Room for ${live.roomFor} services.`]];
  return [
    live.survivorAt
      ? say`${facts.primaryAfter} survives; its newest write is of ${at(live.survivorAt)}. Checked ${at(live.checkedAt)}.`
      : say`${facts.primaryAfter} survives. Checked ${at(live.checkedAt)}.`,
    ...services,
    ...room,
    ...caches,
    ...unread.map((clause): Text => [`Not known: ${clause}.`]),
    [`After it: ${facts.primaryAfter} runs alone; ${facts.from} is rebuilt before it serves again.`],
  ];
}

/** What will be different, name by name, as `[Details]` shows it. */
function changes({ facts }: Possible): Section[] {
  const roles = (members: typeof facts.membersAfter): string =>
    members.map(({ host, votes }) => `${host} ${votes}`).join(', ');
  return [
    {
      heading: 'Changes',
      lines: [
        [
          `Primary database: forced to ${facts.primaryAfter}. What only the old side has is undone there when it returns.`,
        ],
        [`Votes: ${roles(facts.membersBefore)} -> ${roles(facts.membersAfter)}`],
        [
          `DNS: health checks turn drivers away from ${facts.from}; weights ${facts.weightsAfter.map(({ region, weight }) => `${region} ${weight}`).join(', ')} when the control API answers.`,
        ],
        [`Services in ${facts.to}: ${facts.replicas}`],
        ['Does not touch: backups, retention, keys.'],
      ],
    },
  ];
}

/** For worlds in which a part of it is not there. */
export const missingPart = (parts: readonly string[]): DrError =>
  new DrError(
    'REGION_NOT_READY',
    'user',
    `The unplanned failover can not run here: no ${parts.join(', no ')}. Nothing was changed.`,
    {
      hint: 'while the old region still answers: /dr failover <region> --planned',
    },
  );

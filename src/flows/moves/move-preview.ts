import type { Asked, Preview, Section } from '#chatops';
import { at, counted, DrError, formatDuration, type Text } from '#core';
import { failbackWorkflow, failoverWorkflow, type MovePreview, previewFailback, previewFailover } from '#failover';
import { type StepHistory, stepHistory } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { approvedHost } from './approved-host.ts';
import { pendulumLines } from './last-move.ts';

/** The preview of a planned failover. Throws what stands in its way, with the way out; nothing was changed. */
export async function failoverPreview(
  { region, reason }: { region: string; reason: string },
  asked: Asked,
  world: HoldfastWorld,
): Promise<Preview> {
  const found = await previewFailover(world.move, { to: region, approvedHost: approvedHost(asked) }, world.clock);
  const history = await stepHistory(world.journal, failoverWorkflow.name);
  const preview = movePreview('failover', found, reason, history, world);
  const careful = await pendulumLines(world);
  if (careful.length === 0) return preview;
  return { ...preview, sections: [...preview.sections, { lines: careful }] };
}

/** The preview of a failback. Throws what stands in its way. */
export async function failbackPreview(
  { region, reason }: { region: string; reason: string },
  asked: Asked,
  world: HoldfastWorld,
): Promise<Preview> {
  const found = await previewFailback(world.move, { to: region, approvedHost: approvedHost(asked) }, world.clock);
  const history = await stepHistory(world.journal, failbackWorkflow.name);
  return movePreview('failback', found, reason, history, world);
}

function movePreview(
  job: 'failover' | 'failback',
  { facts, limits, live, problems }: MovePreview,
  reason: string,
  history: StepHistory,
  world: HoldfastWorld,
): Preview {
  const [problem] = problems;
  if (problem) throw problem;
  if (!facts || !live) throw new DrError('UNEXPECTED', 'bug', `A ${job} without a problem has no facts.`);
  const users = world.plan.system.users;
  const title = `${facts.move} ${facts.from} -> ${facts.to}`;
  const limit = `limit ${formatDuration(limits.durationMs)}`;
  const pause = `Writes pause about ${formatDuration(live.expectedPauseMs)}`;
  return {
    title,
    job,
    payload: { facts, limits, reason },
    facts: { ...facts },
    limits: { ...limits },
    live: { ...live, pauseMs: live.expectedPauseMs, lossWrites: 0, durationMs: history.totalUsualMs },
    sections: [
      {
        heading: `What ${users} will notice`,
        lines: [
          [`${pause} (approved up to ${formatDuration(limits.pauseMs)}).`],
          ['Acknowledged writes lost: none.'],
          [
            history.runs > 0
              ? `All done in about ${formatDuration(history.totalUsualMs)} (${limit}).`
              : `How long it takes here is not known yet (${limit}).`,
          ],
        ],
      },
      { heading: `Is ${facts.to} ready?`, lines: readiness({ facts, live }, world) },
    ],
    details: changes({ facts }),
    effect: `${pause}, none lost.`,
    smallPrint: [
      history.runs > 0
        ? `Times from ${counted(history.runs, 'run')}.`
        : `This ${job} has never been run here: no times yet.`,
    ],
  };
}

function readiness(
  { facts, live }: { facts: NonNullable<MovePreview['facts']>; live: NonNullable<MovePreview['live']> },
  world: HoldfastWorld,
): Text[] {
  const service = world.move.settings.service.name;
  const backup = live.newestBackup;
  const here = facts.membersAfter.filter(({ region }) => region === facts.to).length;
  const there = facts.membersAfter.filter(({ region }) => region === facts.from).length;
  return [
    ['Yes, checked ', at(live.checkedAt), '.'],
    [`Replication ${formatDuration(live.lagMs)} behind, ${live.membersUp} of ${live.membersAll} members up.`],
    [
      `${live.servicesReady} of ${live.servicesWanted} ${service} answering`,
      live.roomFor === undefined ? '.' : `, room for ${live.roomFor}.`,
    ],
    backup ? [`Newest verified backup ${backup.id}, `, at(backup.at), '.'] : ['No verified backup yet.'],
    [`After it: ${facts.to} has ${counted(here, 'database member')}, ${facts.from} keeps ${there} as followers.`],
    [facts.move === 'failback' ? '' : `Way back: /dr failback ${facts.from}`],
  ];
}

/** What will be different, name by name, as `[Details]` shows it. */
function changes({ facts }: { facts: NonNullable<MovePreview['facts']> }): Section[] {
  const weights = (list: typeof facts.weightsBefore): string =>
    list.map(({ region, weight }) => `${region} ${weight}`).join(', ');
  const replicas = (list: typeof facts.replicasBefore): string =>
    list.map(({ region, replicas: count }) => `${region} ${count}`).join(', ');
  return [
    {
      heading: 'Changes',
      lines: [
        [`Primary database: ${facts.primaryBefore} -> ${facts.primaryAfter}`],
        [`DNS weights: ${weights(facts.weightsBefore)} -> ${weights(facts.weightsAfter)}`],
        [`Services: ${replicas(facts.replicasBefore)} -> ${replicas(facts.replicasAfter)}`],
        [
          `Traffic on the way: ${facts.trafficPercent.length > 0 ? `${facts.trafficPercent.join(', ')} %` : 'all at once'}`,
        ],
        ['Does not touch: backups, retention, keys, data of the old region.'],
      ],
    },
  ];
}

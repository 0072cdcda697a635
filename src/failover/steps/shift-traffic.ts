import { z } from 'zod';
import { DrError, say } from '#core';
import { notYet } from '#workflow';
import { prepareMove } from '../move-primary.ts';
import { pointDns, sameWeights, shareOf, waitForTraffic } from '../point-dns.ts';
import { weightsAfter } from '../preview-move.ts';
import { acceptedAgain, moved, movePrimaryBack, observeMoved, Promoted } from './promote.ts';
import { type Context, forward, moverOf, type Step } from './step.ts';

export const Shifted = z.object({ share: z.number(), promoted: Promoted });
export type Shifted = z.output<typeof Shifted>;

/** From this share of traffic on the region has shown that it serves well: the primary follows the drivers. */
const DATABASE_MOVES_AT_PERCENT = 50;

/** Failback, step 3: drivers come back a share at a time, and in the middle the primary database. */
export const shiftTraffic: Step<unknown, Shifted> = {
  output: Shifted,
  says: ({ facts }) => ({
    todo: `Shift traffic to ${facts.to}: ${facts.trafficPercent.join(', ')} %`,
    done: `traffic on ${facts.to}`,
  }),
  tells: ({ share, promoted }, { facts }) =>
    say`${Math.floor(share * 100)} % of drivers on ${facts.to}; it is primary, term ${promoted.term}. ${acceptedAgain(promoted.pauses)}`,
  observe: async (context) => {
    const { world, input } = context;
    const promoted = await observeMoved(context, forward(context));
    if (!promoted.happened || !sameWeights(await world.dns.weights(), input.facts.weightsAfter)) return notYet;
    const share = shareOf(await world.traffic.view(), input.facts.to);
    if (share === undefined || share < world.settings.movedShare) return notYet;
    return { happened: true, output: { share, promoted: promoted.output } };
  },
  run: async (context) => {
    const { facts } = context.input;
    let promoted: Promoted | undefined;
    await context.world.fence.open(facts.to, context.runId);
    for (const percent of facts.trafficPercent) {
      if (percent < (await percentNow(context))) continue;
      await pointDns(context, weightsAfter(facts.weightsBefore, facts.from, facts.to, percent));
      await serveWell(context, percent);
      if (percent >= DATABASE_MOVES_AT_PERCENT && !promoted) promoted = await bringPrimary(context);
    }
    promoted ??= await bringPrimary(context);
    return { share: await waitForTraffic(context, facts.to), promoted };
  },
  undo: async (context) => {
    await pointDns(context, context.input.facts.weightsBefore);
    await movePrimaryBack(context);
  },
  timeoutMs: 3_600_000,
  retry: { times: 10, everyMs: 1_000 },
};

/** What the zone says now, which is where a successor goes on. */
async function percentNow({ world, input: { facts } }: Context): Promise<number> {
  const weights = await world.dns.weights();
  const of = (region: string): number => weights.find((known) => known.region === region)?.weight ?? 0;
  const both = of(facts.to) + of(facts.from);
  return both === 0 ? 0 : Math.round((of(facts.to) / both) * 100);
}

async function bringPrimary(context: Context): Promise<Promoted> {
  const seen = await observeMoved(context, forward(context));
  if (seen.happened) return seen.output;
  await prepareMove(moverOf(context), forward(context));
  return moved(context, forward(context), (await context.world.replicaSet.look()).members);
}

/**
 * Gives resolvers their time, then looks how the region serves those who came. Too many failures stop the shift:
 * a hundred drivers who notice are enough.
 */
async function serveWell({ world, clock, signal, report, input }: Context, percent: number): Promise<void> {
  const { to } = input.facts;
  const ttlMs = (await world.dns.ttlSeconds()) * 1_000;
  report({ text: say`${percent} % of drivers to ${to}.`, share: percent / 100 });
  await clock.sleep(ttlMs, signal);
  const startedMs = clock.monotonicMs();
  for (;;) {
    const view = await world.traffic.view();
    const here = view.byRegion.find(({ region }) => region === to);
    const all = (here?.acknowledged ?? 0) + (here?.failed ?? 0);
    const failedShare = all === 0 ? 0 : (here?.failed ?? 0) / all;
    if (failedShare <= world.settings.failedShareLimit) return;
    // One whole window later, nothing of the time before the change is counted any more.
    if (clock.monotonicMs() - startedMs > view.windowMs * 2) {
      const failed = `${Math.round(failedShare * 100)} % of requests in ${to} fail at ${percent} % of traffic.`;
      throw new DrError('SERVICE_UNAVAILABLE', 'permanent', failed, {
        hint: `Look at the services in ${to}, then ask again.`,
      });
    }
    await clock.sleep(500, signal);
  }
}

import { z } from 'zod';
import { DrError, formatCount, type Region, say } from '#core';
import { notYet } from '#workflow';
import { prepareMove } from '../move-primary.ts';
import { letDriversIn, pointDns, sameWeights, shareOf, waitForTraffic } from '../point-dns.ts';
import { weightsAfter } from '../preview-move.ts';
import type { FailoverSettings } from '../settings.ts';
import { acceptedAgain, moved, movePrimaryBack, observeMoved, Promoted } from './promote.ts';
import { type Context, forward, moverOf, type Step } from './step.ts';

/** What the region's users saw at one share of the traffic. */
const ServedShare = z.object({
  percent: z.number(),
  requests: z.number().int(),
  failed: z.number().int(),
  p95Ms: z.number().optional(),
});
type ServedShare = z.output<typeof ServedShare>;

/** `shares` are those that this worker watched: one that took the run over knows only its own. */
export const Shifted = z.object({ share: z.number(), promoted: Promoted, shares: z.array(ServedShare) });
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
  tells: ({ share, promoted, shares }, { facts }) =>
    say`${shares.map((each) => `${each.percent} %: ${inNumbers(each)}. `).join('')}${Math.floor(share * 100)} % of drivers on ${facts.to}; it is primary, term ${promoted.term}. ${acceptedAgain(promoted.pauses)}`,
  observe: async (context) => {
    const { world, input } = context;
    const promoted = await observeMoved(context, forward(context));
    if (!promoted.happened || !sameWeights(await world.dns.weights(), input.facts.weightsAfter)) return notYet;
    const share = shareOf(await world.traffic.view(), input.facts.to);
    if (share === undefined || share < world.settings.movedShare) return notYet;
    return { happened: true, output: { share, promoted: promoted.output, shares: [] } };
  },
  run: async (context) => {
    const { facts } = context.input;
    let promoted: Promoted | undefined;
    await context.world.fence.open(facts.to, context.runId);
    await letDriversIn(context.world, facts.to);
    const shares: ServedShare[] = [];
    for (const percent of facts.trafficPercent) {
      if (percent < (await percentNow(context))) continue;
      await pointDns(context, weightsAfter(facts.weightsBefore, facts.from, facts.to, percent));
      shares.push(await serveWell(context, percent));
      if (percent >= DATABASE_MOVES_AT_PERCENT && !promoted) promoted = await bringPrimary(context);
    }
    promoted ??= await bringPrimary(context);
    return { share: await waitForTraffic(context, facts.to), promoted, shares };
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
 * Gives resolvers their time, then looks how the region serves those who came. Too many failures, or too slow an answer,
 * stop the shift: a hundred drivers who notice are enough.
 */
async function serveWell({ world, clock, signal, report, input }: Context, percent: number): Promise<ServedShare> {
  const { to } = input.facts;
  const { failedShareLimit, p95LimitMs } = world.settings;
  const ttlMs = (await world.dns.ttlSeconds()) * 1_000;
  report({ text: say`${percent} % of drivers to ${to}.`, share: percent / 100 });
  await clock.sleep(ttlMs, signal);
  const startedMs = clock.monotonicMs();
  for (;;) {
    const view = await world.traffic.view();
    const here = view.byRegion.find(({ region }) => region === to);
    const failed = here?.failed ?? 0;
    const requests = (here?.acknowledged ?? 0) + failed;
    const p95Ms = here?.p95Ms;
    const seen: ServedShare = { percent, requests, failed, ...(p95Ms === undefined ? {} : { p95Ms }) };
    report({ text: say`${percent} % of drivers to ${to}: ${inNumbers(seen)}.`, share: percent / 100 });
    const failing = requests > 0 && failed / requests > failedShareLimit;
    const slow = p95Ms !== undefined && p95Ms > p95LimitMs;
    if (!failing && !slow) return seen;
    // One whole window later, nothing of the time before the change is counted any more.
    if (clock.monotonicMs() - startedMs > view.windowMs * 2) throw servesBadly(to, seen, world.settings);
    await clock.sleep(500, signal);
  }
}

/** `0 of 412 failed, 95 % within 12 ms` */
function inNumbers({ requests, failed, p95Ms }: ServedShare): string {
  if (requests === 0) return 'no requests seen';
  const latency = p95Ms === undefined ? '' : `, 95 % within ${formatCount(p95Ms)} ms`;
  return `${formatCount(failed)} of ${formatCount(requests)} failed${latency}`;
}

function servesBadly(to: Region, seen: ServedShare, { failedShareLimit, p95LimitMs }: FailoverSettings): DrError {
  const budget = `${Math.round(failedShareLimit * 100)} % failed, 95 % within ${formatCount(p95LimitMs)} ms`;
  const message = `${to} serves badly at ${seen.percent} % of traffic: ${inNumbers(seen)} (budget: ${budget}).`;
  return new DrError('SERVICE_UNAVAILABLE', 'permanent', message, {
    hint: `All traffic goes back. Look at the services in ${to}, then ask again.`,
    data: { region: to, ...seen },
  });
}

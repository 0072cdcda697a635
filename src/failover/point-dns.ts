import { type Clock, DrError, type Region, say } from '#core';
import type { RegionWeight, TrafficView } from '#ports';
import type { FailoverWorld } from './world.ts';

/** What waiting in a step needs. */
export interface Waiter {
  readonly world: FailoverWorld;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  report(progress: { readonly text: ReturnType<typeof say>; readonly share?: number }): void;
}

const ASK_EVERY_MS = 1_000;
/** Where the control API is lost with its region. */
const USUAL_TTL_MS = 60_000;

export const sameWeights = (now: readonly RegionWeight[], wanted: readonly RegionWeight[]): boolean =>
  wanted.every(({ region, weight }) => now.some((known) => known.region === region && known.weight === weight));

/**
 * Writes the weights if they are not so already, and waits until every name server has them. A change found already
 * written (by a worker that died) is not written again; it has no number to ask for, and the drivers' arrival proves it.
 */
export async function pointDns(
  { world, clock, signal, report }: Waiter,
  weights: readonly RegionWeight[],
): Promise<void> {
  if (sameWeights(await world.dns.weights(), weights)) return;
  signal.throwIfAborted();
  const { change } = await world.dns.setWeights(weights);
  while (!(await world.dns.isInSync(change))) {
    report({ text: say`Route 53 says PENDING. It is asked again every second.` });
    await clock.sleep(ASK_EVERY_MS, signal);
  }
}

/**
 * Ends that drivers are turned away from a region that was lost once. Where the switch can't be read nothing is done: drivers who then
 * do not arrive are seen, and a move between well regions must not wait for a third one's bucket.
 */
export async function letDriversIn({ dnsSwitch }: Pick<FailoverWorld, 'dnsSwitch'>, to: Region): Promise<void> {
  const diverted = await dnsSwitch?.diverted().catch((): Region[] => []);
  if (diverted?.includes(to)) await dnsSwitch?.undivert(to);
}

/** The share of acknowledged requests that a region served; undefined when nobody asked for anything. */
export function shareOf(view: TrafficView, region: Region): number | undefined {
  const all = view.byRegion.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  if (all === 0) return undefined;
  return (view.byRegion.find((known) => known.region === region)?.acknowledged ?? 0) / all;
}

/**
 * Waits until drivers really arrive. Where nobody drives at this hour, the records' time to live is waited out.
 * TIMED_OUT (permanent) with the share that was reached.
 */
export async function waitForTraffic({ world, clock, signal, report }: Waiter, region: Region): Promise<number> {
  const { movedShare, trafficMovedWithinMs } = world.settings;
  const startedMs = clock.monotonicMs();
  const ttlMs = await world.dns.ttlSeconds().then(
    (seconds) => seconds * 1_000,
    () => USUAL_TTL_MS,
  );
  for (;;) {
    const share = shareOf(await world.traffic.view(), region);
    const waitedMs = clock.monotonicMs() - startedMs;
    if (share !== undefined && share >= movedShare) return share;
    if (share === undefined && waitedMs >= ttlMs) return 1;
    const percent = Math.floor((share ?? 0) * 100);
    if (waitedMs >= trafficMovedWithinMs) {
      throw new DrError('TIMED_OUT', 'permanent', `Only ${percent} % of drivers reached ${region}.`, {
        hint: 'The rest keeps an old DNS answer longer than its time to live says. Look at what they use as resolver.',
      });
    }
    report({ text: say`${percent} % reach ${region}.`, ...(share === undefined ? {} : { share }) });
    await clock.sleep(ASK_EVERY_MS, signal);
  }
}

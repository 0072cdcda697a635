import { type Clock, DrError, within } from '#core';
import type { FenceView, Traffic } from '#ports';
import type { TailView } from './lost-region-world.ts';

/** What may be lost at most, as far as that can be known before. */
export interface LossBound {
  readonly lossMs: number;
  readonly writes: number | undefined;
  /** How much of what the survivor lacks the vault has, in ms; it is put back. */
  readonly vaultMs: number;
}

/** What drivers had acknowledged after a moment. */
export interface Acknowledged {
  readonly last: Date | undefined;
  /** When each was, oldest first; a long list is cut, its number stays right. */
  readonly moments: readonly Date[];
}

/** Reads the drivers' own records. Throws SERVICE_UNAVAILABLE (transient), also when it takes longer than `withinMs`. */
export function acknowledgedSince(
  traffic: Pick<Traffic, 'acknowledged'>,
  since: Date,
  { clock, withinMs }: { readonly clock: Clock; readonly withinMs: number },
): Promise<Acknowledged> {
  const read = async (): Promise<Acknowledged> => {
    const moments: Date[] = [];
    for await (const { at } of traffic.acknowledged(since, new Date(clock.now().getTime() + AHEAD_MS)))
      moments.push(at);
    return { moments, last: moments.at(-1) };
  };
  const late = (): DrError =>
    new DrError('SERVICE_UNAVAILABLE', 'transient', 'The records of the drivers take too long to read.');
  return within(read(), { clock, ms: withinMs, late });
}

/** Drivers' clocks may be ahead of ours. */
const AHEAD_MS = 60_000;
/** Somebody was served a moment ago: then somebody may be until the fence is closed. */
const JUST_NOW_MS = 10_000;

/**
 * From the newest write that survivor or vault has to the last that the old side may have acknowledged. By the drivers' records
 * where they can be read; else by the lease, since nobody wrote for longer than it lasts after the last renewal.
 */
export function lossBound({
  now,
  survivorAt,
  tail,
  fence,
  acknowledged,
  leaseMs,
}: {
  readonly now: Date;
  readonly survivorAt: Date;
  readonly tail: TailView | undefined;
  readonly fence: FenceView;
  readonly acknowledged: Acknowledged | undefined;
  readonly leaseMs: number;
}): LossBound {
  const reachesAt = tail?.refused === undefined ? tail?.reachesAt?.getTime() : undefined;
  const vaultMs = Math.max(0, (reachesAt ?? 0) - survivorAt.getTime());
  const newestMs = survivorAt.getTime() + vaultMs;
  const waits = fence.standing === 'waits' ? fence.waitMs : 0;
  if (acknowledged) {
    const lastMs = acknowledged.last?.getTime() ?? newestMs;
    const goesOn = waits > 0 && now.getTime() - lastMs < JUST_NOW_MS ? waits : 0;
    const writes = acknowledged.moments.filter((at) => at.getTime() > newestMs).length;
    return { lossMs: Math.max(0, lastMs + goesOn - newestMs), writes, vaultMs };
  }
  const lastMs = fence.silentMs === undefined ? now.getTime() : now.getTime() - fence.silentMs + leaseMs;
  return { lossMs: Math.max(0, lastMs + waits - newestMs), writes: undefined, vaultMs };
}

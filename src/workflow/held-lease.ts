import { type Clock, DrError } from '#core';
import type { Lease, Leases } from '#ports';

/** How long a dead worker's run stays its own; a living one renews four times in that time. */
export const LEASE_TTL_MS = 6_000;
const RENEW_EVERY_MS = LEASE_TTL_MS / 4;

/** A lease that renews itself until released. */
export interface HeldLease {
  readonly token: number;
  /** Aborted, with LEASE_LOST, as soon as this process can no longer be sure that it holds the lease. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/**
 * Takes a lease and keeps it; undefined when somebody else holds it.
 * "Sure" is judged by our monotonic clock from the moment the last successful renewal was *sent*: the store's expiry
 * can only be later than that, so we always stop before a successor may start, also after a frozen process wakes up.
 */
export async function holdLease(
  leases: Leases,
  name: string,
  holder: string,
  clock: Clock,
): Promise<HeldLease | undefined> {
  let sentAt = clock.monotonicMs();
  let lease: Lease | undefined = await leases.acquire(name, holder, LEASE_TTL_MS);
  if (!lease) return undefined;
  const lost = new AbortController();
  const ended = new AbortController();
  const lose = (): void => {
    lost.abort(new DrError('LEASE_LOST', 'transient', `${name} is no longer held by ${holder}.`));
    ended.abort();
  };
  const keep = async (held: Lease): Promise<void> => {
    while (!ended.signal.aborted) {
      await clock.sleep(RENEW_EVERY_MS, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return;
      const sending = clock.monotonicMs();
      if (sending - sentAt >= LEASE_TTL_MS) return lose();
      const renewed = await leases.renew(held, LEASE_TTL_MS).then(
        (answer) => ({ answer }),
        () => undefined,
      );
      if (renewed?.answer) sentAt = sending;
      else if (renewed) return lose();
    }
  };
  const keeping = keep(lease);
  const watchdog = setInterval(() => {
    if (clock.monotonicMs() - sentAt >= LEASE_TTL_MS - RENEW_EVERY_MS / 2) lose();
  }, RENEW_EVERY_MS / 4);
  watchdog.unref();
  const { token } = lease;
  const held = lease;
  lease = undefined;
  return {
    token,
    signal: lost.signal,
    release: async () => {
      clearInterval(watchdog);
      ended.abort();
      await keeping;
      if (!lost.signal.aborted) await leases.release(held).catch(() => undefined);
    },
  };
}

import { createLeadership } from '#record';
import type { Holdfast } from './open-holdfast.ts';

/** Whoever leads and dies is followed after this. */
const LEASE_MS = 10_000;

/** One lease for several loops of this process: they ask together whether it is theirs, not each on its own. */
export function sharedLead(name: string, { leases, holder, flow }: Pick<Holdfast, 'leases' | 'holder' | 'flow'>) {
  const leadership = createLeadership({ leases, clock: flow.clock, name, holder, ttlMs: LEASE_MS });
  let asking: Promise<boolean> | undefined;
  const lead = (): Promise<boolean> => {
    asking ??= leadership.hold(LEASE_MS / 5).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return { lead, giveUp: leadership.giveUp };
}

import type { Plan } from '#plan';
import type { ControlStore, Leases, OplogRoom } from '#ports';
import type { Readiness } from '#readiness';
import type { Vault } from '#vault';
import type { Journal } from '#workflow';

/** The lease of whoever watches. */
export const WATCH = 'watch';

/** What the rules of alarms look at. Nothing of it is changed. */
export interface AlarmWorld {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly leases: Pick<Leases, 'read'>;
  readonly journal: Journal;
  readonly vault: Vault;
  readonly oplogRoom: OplogRoom;
  /** Of each region that could take over; looked at anew where that is due. */
  readonly readiness: () => Promise<readonly Readiness[]>;
}

import type { Clock, Sha256 } from '#core';
import type { ColdWorld, FailoverWorld, LostRegionWorld, RebuildWorld } from '#failover';
import type { LossWorld } from '#loss';
import type { Roster } from '#oncall';
import type { Plan } from '#plan';
import type { ControlStore, History, WakeQueue } from '#ports';
import type { Timeline } from '#record';
import type { RestoreWorld } from '#restore';
import type { BackupWorld } from '#snapshot';
import type { Journal } from '#workflow';
import type { Flow } from './flow.ts';
import type { Requests } from './request-record.ts';

/** What commands and jobs act through: ports and rooms put together once, in src/main. */
export interface HoldfastWorld {
  readonly plan: Plan;
  readonly planHash: Sha256;
  readonly roster: Roster;
  readonly clock: Clock;
  readonly store: ControlStore;
  readonly history: History;
  readonly requests: Requests;
  readonly journal: Journal;
  readonly timeline: Timeline;
  readonly wake: WakeQueue;
  readonly move: FailoverWorld;
  /** What the loss of a region needs besides. Throws REGION_NOT_READY (user), naming the parts that are not there. */
  readonly lostRegion: () => LostRegionWorld;
  /** What building the service in a cold region needs besides. */
  readonly cold: () => ColdWorld;
  readonly rebuild: RebuildWorld;
  readonly backup: BackupWorld;
  readonly restore: RestoreWorld;
  readonly loss: LossWorld;
  /** The flow this world is part of: for commands that act on other requests. */
  readonly flow: () => Flow<HoldfastWorld>;
}

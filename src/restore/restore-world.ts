import type { RequestId } from '#core';
import type { OplogSource, OtherCluster, RecoveryServers, RestoreTarget, SetDescription } from '#ports';
import type { Vault } from '#vault';

/** All that a restore touches. Connections are opened a step, because a restore may outlive any of them. */
export interface RestoreWorld {
  readonly vault: Vault;
  openTarget(): Promise<RestoreTarget & { close(): Promise<void> }>;
  /**
   * A cluster that plan.yaml names. Throws NOT_FOUND or CONFIG_INVALID (user) where the plan or this process's environment
   * has no address of it; nothing is asked of it yet.
   */
  openCluster(name: string): Promise<OtherCluster>;
  /** Databases that a restore starts for itself. */
  readonly recovery: RecoveryServers;
  /** What the protected set says of itself; undefined while it does not answer, as in the disaster this is for. */
  describeLive(): Promise<SetDescription | undefined>;
  /** The protected set's name, by the plan. */
  readonly liveName: string;
  openOplog(): Promise<OplogSource & { close(): Promise<void> }>;
  /** Has user writes blocked in the name of a run, with a deadline that any worker enforces. Idempotent. */
  holdWrites(run: RequestId): Promise<void>;
  /** Takes user writes again; returns how long they were paused, in ms. Idempotent. */
  reopenWrites(run: RequestId): Promise<number>;
}

/** Opens a target for one piece of work and closes it whatever happens. */
export async function withTarget<T>(world: RestoreWorld, work: (target: RestoreTarget) => Promise<T>): Promise<T> {
  const target = await world.openTarget();
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

import type { Region } from '#core';

/** A service as its cluster has it. */
export interface Replicas {
  readonly wanted: number;
  /** Answering their readiness check now, at the version that is wanted. */
  readonly ready: number;
}

/**
 * The application's clusters, one a region, and in each the one service and the one configuration that move with a
 * failover. Throws CLUSTER_UNAVAILABLE (transient) and CLUSTER_REFUSED (permanent; the hint is the command that
 * gives the missing right).
 */
export interface Clusters {
  replicas(region: Region): Promise<Replicas>;
  /** Asks for this many. Idempotent; does not wait for them to be ready. */
  scale(region: Region, replicas: number): Promise<void>;
  /**
   * Has the cluster go through scaling to this many without doing it: rights, admission and quota. Resolves when it
   * would be accepted; CLUSTER_REFUSED says why not.
   */
  rehearseScale(region: Region, replicas: number): Promise<void>;
  /** The application's configuration; a missing one is empty. */
  configuration(region: Region): Promise<Readonly<Record<string, string>>>;
  /** Sets these keys and leaves the others. Idempotent. */
  configure(region: Region, values: Readonly<Record<string, string>>): Promise<void>;
}

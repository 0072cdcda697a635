import type { RestoreTarget } from './restore-target.ts';
import type { ServerKind } from './server-kind.ts';

/** What a replica set says of itself, so that it can be told from others and judged as a place for data. */
export interface SetDescription extends ServerKind {
  /** The set's name; undefined for a server that is in none. */
  readonly set: string | undefined;
  readonly primary: string;
  /** Members that hold data, as the set names them. */
  readonly hosts: readonly string[];
  /**
   * Of each member that answers: the id of its process, its own since its start. Two addresses behind which one of them is
   * found lead to the same set.
   */
  readonly processes: readonly string[];
  /** Whether somebody blocked user writes. */
  readonly blocked: boolean;
}

/**
 * A replica set that a restore may go to, besides the protected one. `room` asks also without any of the databases being
 * there, where the user has `dbStats` on `local`.
 */
export interface OtherCluster extends RestoreTarget {
  /** Throws DATABASE_UNAVAILABLE (transient), DATABASE_REFUSED (permanent). */
  describe(): Promise<SetDescription>;
  close(): Promise<void>;
}

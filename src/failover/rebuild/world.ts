import type { RequestId } from '#core';
import type { ControlStore, MemberCopies, MemberHosts, ReplicaSet } from '#ports';
import type { GivenUpRegions } from '../given-up.ts';

/** Keeps what a returned member has and the new side has not. `lostIn` is the failover whose receipt it belongs to. */
export interface ReturnedWrites {
  /** Reads a server that runs alone. Resolves when all of it is kept. Idempotent for a host. Throws the signal's reason. */
  saveDivergent(
    lostIn: RequestId,
    host: string,
    uri: string,
    signal: AbortSignal,
  ): Promise<{ readonly entries: number }>;
  /** Idempotent for a file. Throws the signal's reason. */
  saveRollbackFiles(lostIn: RequestId, host: string, signal: AbortSignal): Promise<{ readonly files: number }>;
}

export interface RebuildSettings {
  readonly databases: readonly string[];
  /** How fast copies are read to compare them; undefined: as fast as they come. */
  readonly readBytesPerSecond: number | undefined;
  /** So often a member is started again that ended by itself, before it needs a new copy. */
  readonly restarts: number;
  /** A member that gets no further for so long needs a new copy. */
  readonly stuckAfterMs: number;
  readonly lookEveryMs: number;
}

/** All that a rebuild touches or asks. */
export interface RebuildWorld {
  readonly settings: RebuildSettings;
  readonly replicaSet: Pick<ReplicaSet, 'look' | 'primary' | 'appliedOn'>;
  readonly store: Pick<ControlStore, 'now'>;
  readonly givenUp: GivenUpRegions;
  /** Undefined without agents: then people do it, and `aloneAt` sees what they started. */
  readonly hosts: MemberHosts | undefined;
  /** The address to read a server from that somebody started outside its set there; undefined while nobody has. */
  aloneAt(address: string): Promise<string | undefined>;
  readonly copies: MemberCopies;
  readonly returned: ReturnedWrites;
}

import type { Region } from '#core';

/** What a machine carries. The processor is a count since it started, so that two looks make a share of the time between. */
export interface Machine {
  readonly cores: number;
  /** Seconds that its cores worked, all together, since it started. */
  readonly busySeconds: number;
  readonly memory: {
    readonly bytes: number;
    /** What a program could still have, caches that would give way included. */
    readonly availableBytes: number;
  };
}

/** What the machine of a member knows about its server. */
export interface MemberHost {
  readonly host: string;
  readonly region: Region;
  /** `held`: stopped, and it will not start before it is told to. `alone`: runs outside the replica set, for reading. */
  readonly state: 'running' | 'alone' | 'held' | 'stopped';
  /** How often the server has ended by itself since the machine was started. */
  readonly crashes: number;
  /** Undefined where its agent does not say. */
  readonly machine?: Machine | undefined;
  /** Whether its data folder is empty; left out by an agent that does not say. */
  readonly empty?: boolean | undefined;
}

/** A file that a server's rollback left behind, as it is named there. */
export interface RollbackFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * The machines that the database's members run on, through the small agent that is there. Throws HOST_UNAVAILABLE (transient: the
 * machine does not answer) and HOST_REFUSED (permanent: signature, an order that can't be followed).
 */
export interface MemberHosts {
  look(host: string): Promise<MemberHost>;
  /** Stops the server and keeps it stopped. Resolves when its process has ended. Idempotent. */
  hold(host: string): Promise<void>;
  /** Starts it outside its replica set, where nobody else reaches it; resolves with where to read from. Idempotent. */
  startAlone(host: string): Promise<{ readonly uri: string }>;
  /** Starts it as a member again, and keeps it running when it ends by itself. Idempotent. */
  start(host: string): Promise<void>;
  /**
   * Starts a server without data as the only member of a new replica set, with the users that its owner has for it. Idempotent: a
   * set that was founded here is started again. HOST_REFUSED (permanent) where it has other data, or runs as a member.
   */
  found(host: string): Promise<void>;
  /** Empties its data folder, so that it copies everything anew. Only while held. */
  wipe(host: string): Promise<void>;
  rollbackFiles(host: string): Promise<readonly RollbackFile[]>;
  readRollbackFile(host: string, name: string): AsyncIterable<Uint8Array>;
}

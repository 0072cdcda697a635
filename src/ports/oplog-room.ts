import type { OplogTime } from './oplog-source.ts';

/** How much of the past the oplog of one member holds, and how much it could. */
export interface OplogRoomOf {
  readonly member: string;
  readonly first: OplogTime;
  readonly last: OplogTime;
  readonly bytes: number;
  /** What it may grow to before its oldest entries go. */
  readonly maxBytes: number;
}

/** The oplogs of the protected replica set. */
export interface OplogRoom {
  /**
   * Of every member that answers and could be captured from. Throws DATABASE_UNAVAILABLE (transient) when none does, and
   * DATABASE_REFUSED (permanent).
   */
  look(): Promise<readonly OplogRoomOf[]>;
}

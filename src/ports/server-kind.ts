/** What the servers of a replica set are, as far as whoever asks may know. */
export interface ServerKind {
  /** `6.0.5`. */
  readonly version: string;
  /** The release up to whose features data may be stored, `6.0`; undefined where the user may not ask. */
  readonly featureVersion: string | undefined;
  /** The replica set's own id: it keeps it all its life, and no other has it. Undefined where the user may not ask. */
  readonly setId: string | undefined;
}

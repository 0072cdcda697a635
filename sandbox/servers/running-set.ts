import type { KeyFile } from './key-file.ts';
import type { Mongod } from './mongod.ts';
import type { MemberSpec } from './replica-config.ts';

export type ReplicaMember = Mongod & Pick<MemberSpec, 'name' | 'region'>;

export type ReplicaSet = {
  readonly name: string;
  readonly members: readonly ReplicaMember[];
  readonly key: KeyFile;
  /** @throws Error when there is no member of that name */
  member(name: string): ReplicaMember;
  inRegion(region: string): readonly ReplicaMember[];
  /** The connection string of a user of ours, for all members; `root` always exists. */
  uri(user: string, database?: string): string;
  /** The same, for one member only. */
  memberUri(name: string, user: string): string;
  /** Ends all members at once; removes the data if it was temporary. Idempotent. */
  stop(): Promise<void>;
};

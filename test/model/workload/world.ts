import type { Db, MongoClient } from 'mongodb';
import type { RawDocument } from '#core';
import type { Seeded } from '../../e2e/scenarios/seeded.ts';
import { pick } from '../../e2e/scenarios/seeded.ts';

/** Whom the workload writes to. */
export interface Workload {
  readonly client: MongoClient;
  /** Renames go from one into the other. */
  readonly databases: readonly [string, string];
  readonly random: Seeded;
  /** Inserts documents that no object can hold, byte for byte; those of an `_id` that is there are passed over. */
  readonly insertRaw: (at: { database: string; name: string }, documents: readonly RawDocument[]) => Promise<void>;
  /** Whether transactions of 20 MB and documents of 16 MB are among it. */
  readonly large: boolean;
}

/** One change. It may find nothing to do, or be refused by the server: then there is none. */
export type Change = (workload: Workload) => Promise<unknown>;

/** Written to by everybody at once. */
export const NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const;

/** So few, that writers meet at one document often. */
const IDS = 40;

/** One of the two, with a write concern that may let a write be rolled back. */
export function anyDb({ client, databases, random }: Workload): Db {
  const w = random() < 0.3 ? 1 : 'majority';
  return client.db(random() < 0.75 ? databases[0] : databases[1], { writeConcern: { w } });
}

export const anyCollection = (workload: Workload) => anyDb(workload).collection(pick(workload.random, NAMES));

export const anyNumber = (random: Seeded, below: number): number => Math.floor(random() * below);

export const anyId = (random: Seeded): { _id: never } => ({ _id: anyNumber(random, IDS) as never });

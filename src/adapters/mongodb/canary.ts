import { MongoClient, MongoServerError } from 'mongodb';
import { z } from 'zod';
import { DrError } from '#core';
import type { Canary } from '#ports';
import { engineError } from './engine-errors.ts';
import { oplogTimeOf } from './timestamps.ts';

export interface CanaryOptions {
  /** With all members; the user needs `insert` and `update` on the collection and nothing else there. */
  readonly uri: string;
  /** A database that no backup contains. */
  readonly database: string;
}

const COLLECTION = 'canary';

/** Where a canary is written, as the oplog names it. */
export const canaryNamespace = (database: string): string => `${database}.${COLLECTION}`;

/** A majority that does not answer so long is none for a measurement that is made every few seconds. */
const WITHIN_MS = 5_000;

const Answer = z.object({
  operationTime: z.unknown(),
  writeErrors: z.array(z.object({ code: z.number(), errmsg: z.string() })).default([]),
  writeConcernError: z.object({ code: z.number(), errmsg: z.string() }).optional(),
});

/** Opens the canary; nothing is written yet. One document, written over each time. */
export function openCanary({ uri, database }: CanaryOptions): Canary & { close(): Promise<void> } {
  const client = new MongoClient(uri, {
    appName: 'holdfast-canary',
    connectTimeoutMS: 2_000,
    serverSelectionTimeoutMS: 3_000,
    waitQueueTimeoutMS: 3_000,
    socketTimeoutMS: WITHIN_MS + 1_000,
    maxPoolSize: 1,
  });
  return {
    write: async (number) => {
      try {
        // connects anew where the first try of all failed: such a client has closed itself
        await client.connect();
        const update = { q: { _id: COLLECTION }, u: { $set: { number } }, upsert: true };
        const answer = await client.db(database).command({
          update: COLLECTION,
          updates: [update],
          writeConcern: { w: 'majority', wtimeout: WITHIN_MS },
          maxTimeMS: WITHIN_MS,
        });
        const { operationTime, writeErrors, writeConcernError } = Answer.parse(answer);
        const [failed] = [...writeErrors, ...(writeConcernError ? [writeConcernError] : [])];
        if (failed) throw new MongoServerError({ message: failed.errmsg, code: failed.code });
        return oplogTimeOf(operationTime);
      } catch (thrown) {
        throw thrown instanceof DrError ? thrown : engineError(thrown, 'The replica set', `write ${database}.canary`);
      }
    },
    close: () => client.close(),
  };
}

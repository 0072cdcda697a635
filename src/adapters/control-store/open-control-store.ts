import { type Db, MongoClient } from 'mongodb';
import type { z } from 'zod';
import { type Clock, DrError, type RandomBytes, systemClock, systemRandom } from '#core';
import type { ControlStore, History, Identified, Leases, RegionLeases } from '#ports';
import { mongoHistory } from './mongo-history.ts';
import { mongoLeases } from './mongo-leases.ts';
import { mongoRecords, type RecordsOptions } from './mongo-records.ts';
import { mongoRegionLeases } from './region-leases.ts';
import { createRetry } from './retry.ts';

export interface ControlStoreOptions {
  readonly uri: string;
  /** Default `holdfast`. */
  readonly database?: string;
  /** How long one call may take in all, elections included, before it is STORE_UNAVAILABLE. Default 10 s. */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

export interface ControlConnection {
  readonly store: ControlStore;
  readonly leases: Leases;
  readonly history: History;
  /** The regions' leases; a renewal is good for `ttlMs`, and for no longer than whoever opened the lease said. */
  regionLeases(ttlMs: number): RegionLeases;
  /** Ends within seconds, also while the store is dead. Idempotent. */
  close(): Promise<void>;
}

/**
 * Every wait has an end: with the driver's defaults a frozen primary holds a call until it thaws (measured: 9 s and
 * more). The monitor gives up on a silent member after `connectTimeoutMS`, which also breaks the calls waiting on it.
 */
const DEADLINES = {
  connectTimeoutMS: 1000,
  socketTimeoutMS: 3000,
  serverSelectionTimeoutMS: 1500,
  waitQueueTimeoutMS: 2000,
  heartbeatFrequencyMS: 500,
  minHeartbeatFrequencyMS: 250,
  serverMonitoringMode: 'poll',
} as const;

/** Longer than a majority needs when all is well; shorter than `socketTimeoutMS`, so that the server answers first. */
const MAJORITY_WITHIN_MS = 2000;

/**
 * Opens the control store. Does not wait for the servers: a store that is down shows at the first call, as
 * STORE_UNAVAILABLE. Throws CONFIG_INVALID (permanent) for an address that can't be one.
 */
export function openControlStore(options: ControlStoreOptions): ControlConnection {
  const client = connect(options.uri);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const db = client.db(options.database ?? 'holdfast');
  const built = new Map<string, Promise<void>>();
  let closed = false;
  const reopen = () => (closed ? undefined : () => client.connect());
  const retry = createRetry({ clock, random, deadlineMs: options.deadlineMs ?? 10_000, reopen });
  const records = <T extends Identified>(name: string, schema: z.ZodType<T>, more: RecordsOptions<T> = {}) =>
    mongoRecords({ collection: db.collection(`records.${name}`), schema, retry, random, built, ...more });
  return {
    store: { records, nextNumber: (counter) => retry(() => nextNumber(db, counter)), now: () => retry(() => now(db)) },
    history: mongoHistory({ db, retry }),
    leases: mongoLeases({ collection: db.collection('leases'), retry, random }),
    regionLeases: (ttlMs) => mongoRegionLeases({ collection: db.collection('region-leases'), retry, ttlMs }),
    close: () => {
      closed = true;
      return client.close();
    },
  };
}

function connect(uri: string): MongoClient {
  try {
    return new MongoClient(uri, {
      ...DEADLINES,
      appName: 'holdfast-control',
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_WITHIN_MS },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      ignoreUndefined: true,
      promoteBuffers: true,
    });
  } catch (cause) {
    throw new DrError('CONFIG_INVALID', 'permanent', 'CONTROL_MONGODB_URI is not an address of a replica set.', {
      cause,
      hint: 'It looks like mongodb://user:password@host1,host2,host3/?replicaSet=control',
    });
  }
}

/** A retry after an unknown result takes another number: numbers may be skipped, never given twice. */
async function nextNumber(db: Db, counter: string): Promise<number> {
  const counters = db.collection<{ _id: string; value: number }>('counters');
  const options = { upsert: true, returnDocument: 'after' } as const;
  const after = await counters.findOneAndUpdate({ _id: counter }, { $inc: { value: 1 } }, options);
  if (!after) throw new DrError('UNEXPECTED', 'bug', `Counter ${counter} gave no number.`);
  return after.value;
}

/** The primary's clock, the one that `$$NOW` in the leases reads. */
async function now(db: Db): Promise<Date> {
  const [answer] = await db
    .aggregate<{ now: Date }>([{ $documents: [{}] }, { $project: { now: '$$NOW' } }], {
      readConcern: { level: 'local' },
    })
    .toArray();
  if (!answer) throw new DrError('UNEXPECTED', 'bug', 'The control store gave no time.');
  return answer.now;
}

import { MongoClient, Timestamp } from 'mongodb';
import { z } from 'zod';
import { memoryControlStore, memoryLeases } from '#adapters/memory';
import { openOplogSource } from '#adapters/mongodb';
import { type CaptureEvent, type CaptureWorld, readCaptureState, runCapture } from '#capture';
import { DrError, systemClock } from '#core';
import { type ControlStore, compareOplogTimes, type Leases, type ObjectStore, type OplogTime } from '#ports';
import { until } from '#sandbox/servers';
import { listTimelines, type Vault } from '#vault';

export interface CaptureBench {
  readonly store: ControlStore;
  readonly leases: Leases;
  readonly events: CaptureEvent[];
  /** Starts one more process's capture; returns how to stop it. */
  start(more?: Partial<CaptureWorld>): () => Promise<void>;
  /**
   * From now on a process reaches neither the lease nor the control store, and no bucket either unless it keeps writing:
   * as if its machine had died, or been frozen while another took over.
   */
  cutOff(holder: string, more?: { readonly keepsWriting: boolean }): void;
  /** Waits until everything up to now is durable; returns up to where. */
  caughtUp(): Promise<OplogTime>;
  stop(): Promise<void>;
}

const OperationTime = z.object({ operationTime: z.instanceof(Timestamp) });

/** Capture of one database on a real replica set, its state in memory, segments every 50 ms. */
export function captureBench(uri: string, database: string, vault: Vault): CaptureBench {
  const store = memoryControlStore(systemClock);
  const leases: Leases = memoryLeases(systemClock);
  const events: CaptureEvent[] = [];
  const running = new Set<() => Promise<void>>();
  const cut = new Map<string, { readonly keepsWriting: boolean }>();
  /** The same ports, as a process has them that may be cut off. */
  const portsOf = (holder: string) => {
    const reaching = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        if (cut.has(holder)) throw new DrError('STORE_UNAVAILABLE', 'transient', `${holder} is cut off.`);
        return call(...args);
      };
    };
    const stores = vault.stores.map((each): ObjectStore => {
      const put: ObjectStore['put'] = async (...args) => {
        if (cut.get(holder)?.keepsWriting !== false) return each.put(...args);
        throw new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', `${holder} is cut off.`);
      };
      return { ...each, put };
    });
    const [home, ...others] = stores;
    if (!home) throw new Error('a vault has a store');
    const mine: Leases = {
      acquire: reaching(leases.acquire),
      renew: reaching(leases.renew),
      release: reaching(leases.release),
      read: leases.read,
    };
    const now = reaching(store.now);
    return { leases: mine, store: { ...store, now }, vault: { ...vault, stores: [home, ...others] as const } };
  };
  let holders = 0;
  return {
    store,
    leases,
    events,
    start(more = {}) {
      const halt = new AbortController();
      holders += 1;
      const world: CaptureWorld = {
        settings: {
          databases: { include: [database], exclude: [] },
          durableRegions: 2,
          segmentMs: 50,
          lock: { mode: 'governance', days: 1 },
        },
        ...portsOf(`capture-${holders}`),
        clock: systemClock,
        holder: `capture-${holders}`,
        // the shared set has no secondary; looking for one takes seconds
        openOplog: () => openOplogSource({ uri, prefer: 'primary' }),
        newestBackupEnd: async () => undefined,
        onEvent: (event) => events.push(event),
        ...more,
      };
      const ended = runCapture(world, halt.signal);
      const stop = async (): Promise<void> => {
        halt.abort();
        await ended;
        running.delete(stop);
      };
      running.add(stop);
      return stop;
    },
    cutOff(holder, more = { keepsWriting: false }) {
      cut.set(holder, more);
    },
    async caughtUp() {
      const client = new MongoClient(uri);
      try {
        // what was written before a timeline begins is none of its business
        await until('capture knows where it stands', async () => (await readCaptureState(store)) !== undefined);
        // a quiet system's segments wait for seconds, and other entries of a shared server are none of it
        const mark = { insert: 'marks', documents: [{}], writeConcern: { w: 'majority' } };
        const { high, low } = OperationTime.parse(await client.db(database).command(mark)).operationTime;
        const now = { seconds: high >>> 0, increment: low >>> 0 };
        return await until('capture has caught up', async () => {
          const through = (await listTimelines(vault)).timelines.at(-1)?.through;
          return through && compareOplogTimes(through, now) >= 0 ? through : undefined;
        });
      } finally {
        await client.close();
      }
    },
    async stop() {
      await Promise.all([...running].map((stop) => stop()));
    },
  };
}

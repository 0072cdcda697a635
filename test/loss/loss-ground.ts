import { serialize } from 'bson';
import { MongoClient, Timestamp, UUID } from 'mongodb';
import { memoryControlStore, memoryLeases } from '#adapters/memory';
import { openMemberOplog, openTailTarget, openWrittenRecords } from '#adapters/mongodb';
import { DrError, hashOf, Region, RequestId, systemClock } from '#core';
import { type LossWorld, lossBooks, type MergeInput, mergeWorkflow } from '#loss';
import type { AcknowledgedWrite, MemberOplog, OpTime } from '#ports';
import { committedLeniently, isDiff, updated } from '#restore';
import { openVault, type Vault } from '#vault';
import { createRun, executeRun, type Journal, openJournal, openLocks } from '#workflow';

export const RUN = RequestId.parse('R-43');
export const EAST = Region.parse('us-east-1');
export const WEST = Region.parse('us-west-2');
export const quietly = { signal: new AbortController().signal, report: () => undefined };

export type Log = { _id: string; note: string; n?: number };
export const log = (id: string, note = `content of ${id}`): Log => ({ _id: id, note });

export interface LossParts {
  readonly uri: string;
  readonly database: string;
  readonly vault: Vault;
  /** What users were told of. */
  readonly told: AcknowledgedWrite[];
  readonly members: readonly string[];
  readonly leftInVault?: LossWorld['history']['leftInVault'];
}

/** The books over a real database; what the record was told is kept. */
export function lossGround(parts: LossParts) {
  const { uri, database, vault, told, members } = parts;
  const client = new MongoClient(uri);
  const written = openWrittenRecords({ uri, database, collection: 'driver_logs' });
  const store = memoryControlStore(systemClock);
  const notes = new Map<string, Readonly<Record<string, string | number | boolean>>>();
  const world: LossWorld = {
    vault,
    store,
    clock: systemClock,
    traffic: {
      acknowledged: async function* (since, until) {
        yield* told.filter(({ at }) => at >= since && at < until);
      },
    },
    written,
    acknowledgedIn: `${database}.driver_logs`,
    databases: { include: [database], exclude: [] },
    lock: { mode: 'governance', days: 1 },
    history: {
      committed: committedLeniently,
      after: (update, before) => (before || !isDiff(update) ? updated(update, before ?? update.body) : undefined),
      leftInVault: parts.leftInVault ?? async function* () {},
    },
    hostsIn: async () => members,
    openTarget: () => openTailTarget({ uri }),
    openPrimary: async () => {
      const { me } = await client.db('admin').command({ hello: 1 });
      return openMemberOplog({ uri, host: String(me) });
    },
    note: async ({ id, data }) => void notes.set(id, data),
  };
  const lost = (forkedAt: OpTime) => ({
    ...{ from: EAST, to: WEST, forkedAt, putBack: 7, approvedMs: 30_000 },
    ...{ since: new Date(Date.now() - 120_000), until: new Date(Date.now() + 60_000) },
  });
  return {
    client,
    logs: client.db(database).collection<Log>('driver_logs'),
    world,
    notes,
    count: (forkedAt: OpTime, inWorld: LossWorld = world) => lossBooks(inWorld).count(RUN, lost(forkedAt), quietly),
    tell: (id: string): void => void told.push({ id, hash: hashOf(log(id)), at: new Date() }),
    close: async () => {
      await client.db(database).dropDatabase();
      await Promise.all([client.close(), written.close()]);
    },
  };
}

/** The newest entry of whoever is primary now. */
export async function newestOf(world: LossWorld): Promise<OpTime> {
  const primary = await world.openPrimary();
  const newest = await primary.newest();
  await primary.close();
  return newest;
}

/** A returned member that has one collection, and inserted these into it after that place. */
export function returnedMember(namespace: string, after: OpTime, documents: readonly Log[]): MemberOplog {
  const uuid = '00112233-4455-4677-8899-aabbccddeeff';
  const raw = (value: object): Buffer => Buffer.from(serialize(value));
  const at = (index: number) => new Timestamp({ t: after.seconds, i: after.increment + 1 + index });
  const ui = { ui: new UUID(uuid) };
  // never the shared primary's own: it writes in the same second too, and what both sides have is none of these
  const term = after.term + 7;
  const entries = documents.map((o, index) =>
    raw({ op: 'i', ns: namespace, ...ui, o, o2: { _id: o._id }, ts: at(index), t: term, v: 2 }),
  );
  const [database = '', name = ''] = namespace.split('.');
  const end = { term, seconds: after.seconds, increment: after.increment + documents.length };
  return {
    host: 'alone',
    newest: async () => end,
    oldest: async () => ({ seconds: 1, increment: 1 }),
    entryAt: async () => undefined,
    between: async function* () {
      if (entries.length > 0) yield Buffer.concat(entries);
    },
    documents: async (_database, _uuid, ids) => documents.map(raw).slice(0, ids.length),
    nameOf: async () => ({ database, name }),
  };
}

/** One process: gone from the n-th thing on that it does to the journal, the vault or the data. */
function life(until: number, when: 'before' | 'after') {
  let calls = 0;
  return <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls += 1;
      if (calls > until || (calls === until && when === 'before')) throw CRASH;
      const result = await work(...args);
      if (calls >= until) throw CRASH;
      return result;
    };
}

const CRASH = new DrError('UNEXPECTED', 'bug', 'the process is gone');

export function mortalWorld(world: LossWorld, until: number, when: 'before' | 'after'): LossWorld {
  return dying(world, life(until, when));
}

function dying(world: LossWorld, dies: ReturnType<typeof life>): LossWorld {
  const stores = world.vault.stores.map((store) => ({ ...store, put: dies(store.put) }));
  const target = async () => {
    const opened = await world.openTarget();
    return { ...opened, insert: dies(opened.insert), apply: dies(opened.apply) };
  };
  return { ...world, vault: openVault({ ...world.vault, stores }), openTarget: target, note: dies(world.note) };
}

/** Carries a merge, each worker gone at a later change than the one before, until one lives; how many died. */
export async function mergeDying(world: LossWorld, run: RequestId, input: MergeInput): Promise<number> {
  const journal = openJournal(world.store);
  await createRun(journal, { id: run, workflow: mergeWorkflow, input, at: new Date() });
  for (let worker = 1; worker < 200; worker += 1) {
    const dies = life(worker, worker % 2 === 0 ? 'before' : 'after');
    const mine: Journal = { ...journal, replace: dies(journal.replace) };
    try {
      const state = await executeRun(mergeWorkflow, run, {
        journal: mine,
        locks: openLocks(world.store),
        leases: memoryLeases(systemClock),
        clock: systemClock,
        worker: `worker-${worker}`,
        world: dying(world, dies),
        tell: async () => undefined,
        beforeStart: async () => undefined,
      });
      if (state === 'done') return worker - 1;
      throw new Error(`the merge ended ${state}: ${JSON.stringify((await journal.get(run))?.value.failure)}`);
    } catch (thrown) {
      if (thrown !== CRASH) throw thrown;
    }
  }
  throw new Error('no worker lived long enough');
}

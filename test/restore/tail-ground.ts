import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, type Document, MongoClient } from 'mongodb';
import { memoryControlStore } from '#adapters/memory';
import { openMemberOplog, openTailTarget } from '#adapters/mongodb';
import { DrError, RequestId, systemClock } from '#core';
import type { OpTime, TailTarget } from '#ports';
import { type TailWorld, vaultTail } from '#restore';
import { type Mongod, startMongod, until } from '#sandbox/servers';
import type { Vault } from '#vault';
import { described, rawDocuments } from '../support/engine.ts';

export const RUN = RequestId.parse('R-43');
export const quietly = { signal: new AbortController().signal, report: () => undefined };

/** A replica set of one, whose files can be copied while it runs: what the copy lacks later is the tail. */
export async function startOneMember(): Promise<Mongod> {
  const mongod = await startMongod({ replSet: 'tail' });
  await withClient(mongod.uri, async (client) => {
    await client.db('admin').command({ replSetInitiate: { _id: 'tail', members: [{ _id: 0, host: mongod.host }] } });
    await primary(client);
  });
  return mongod;
}

const primary = (client: MongoClient): Promise<unknown> =>
  until(
    'it is primary',
    async () => (await client.db('admin').command({ hello: 1 }))['isWritablePrimary'] || undefined,
  );

async function withClient<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

export interface Cut {
  /** The newest entry that the copy has. */
  readonly survivor: OpTime;
  /** Ends the source and starts the copy in its place: the survivor that became primary. */
  takeOver(): Promise<{ readonly uri: string; stop(): Promise<void> }>;
}

/** Copies the files as they are now. */
export async function cutHere(source: Mongod): Promise<Cut> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-cut-'));
  const survivor = await withClient(source.uri, async (client) => {
    const admin = client.db('admin');
    await admin.command({ fsync: 1, lock: true });
    const member = await openMemberOplog({ uri: source.uri });
    try {
      mkdirSync(join(dir, 'db'));
      const isNeeded = (path: string): boolean => !/WiredTigerPreplog|mongod\.lock|\/diagnostic/.test(path);
      cpSync(source.dbPath, join(dir, 'db'), { recursive: true, filter: isNeeded });
      return await member.newest();
    } finally {
      await member.close();
      await admin.command({ fsyncUnlock: 1 });
    }
  });
  return {
    survivor,
    async takeOver() {
      source.kill('SIGKILL');
      await source.ended();
      const mongod = await startMongod({ dbPath: dir, port: source.port, replSet: 'tail' });
      await withClient(mongod.uri, primary);
      return {
        uri: mongod.uri,
        stop: async () => {
          await mongod.stop();
          rmSync(dir, { recursive: true, force: true });
        },
      };
    },
  };
}

/** The tail's world over one server. */
export function tailWorld(uri: string, vault: Vault, databases: readonly string[]): TailWorld {
  return {
    vault,
    store: memoryControlStore(systemClock),
    databases: { include: [...databases], exclude: [] },
    lock: { mode: 'governance', days: 1 },
    openTarget: () => openTailTarget({ uri }),
    openMember: () => openMemberOplog({ uri }),
  };
}

/** Everything in a database as its clients see it: documents as bytes, indexes, options, views. */
export async function everythingIn(client: MongoClient, db: Db): Promise<Map<string, unknown>> {
  const all = new Map<string, unknown>();
  for (const info of await db.listCollections().toArray()) {
    if (info.name.startsWith('system.')) continue;
    const options: Document = ('options' in info ? info.options : undefined) ?? {};
    if (info.type === 'view') {
      all.set(info.name, { viewOn: options['viewOn'], pipeline: options['pipeline'] });
      continue;
    }
    const documents = await rawDocuments(client, db.databaseName, info.name);
    const made = await described(client, db.databaseName, info.name);
    made['indexes'].sort((a: Document, b: Document) => String(a['name']).localeCompare(String(b['name'])));
    // only of a capped collection is the order a part
    all.set(info.name, { documents: options['capped'] ? documents : documents.toSorted(), made });
  }
  return new Map([...all].sort(([a], [b]) => a.localeCompare(b)));
}

/** Puts back with a worker that dies at its n-th change, each later than the one before, until one lives long enough; how many died. */
export async function recoverDying(world: TailWorld, survivor: OpTime): Promise<number> {
  let died = 0;
  for (let call = 1; call < 2_000; call += Math.max(1, call >> 2)) {
    const dying: TailWorld = {
      ...world,
      openTarget: async () => dyingTarget(await world.openTarget(), call, call % 2 === 0 ? 'before' : 'after'),
    };
    try {
      await vaultTail(dying).recover(RUN, survivor, quietly);
      return died;
    } catch (thrown) {
      if (!(thrown instanceof DrError) || thrown.message !== GONE) throw thrown;
      died += 1;
    }
  }
  throw new Error('no worker lived long enough');
}

const GONE = 'the worker is gone';

function dyingTarget<T extends TailTarget>(target: T, call: number, when: 'before' | 'after'): T {
  let calls = 0;
  const gone = (): never => {
    throw new DrError('UNEXPECTED', 'bug', GONE);
  };
  const dies = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      calls += 1;
      if (calls > call || (calls === call && when === 'before')) return gone();
      const result = await work(...args);
      return calls >= call ? gone() : result;
    };
  };
  const { create, drop, rename, apply, replaceTogether, createIndexes, createView, dropIndex, modify } = target;
  return {
    ...target,
    create: dies(create),
    drop: dies(drop),
    rename: dies(rename),
    apply: dies(apply),
    replaceTogether: dies(replaceTogether),
    createIndexes: dies(createIndexes),
    createView: dies(createView),
    dropIndex: dies(dropIndex),
    modify: dies(modify),
  };
}

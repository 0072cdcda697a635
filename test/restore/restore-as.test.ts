import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Naming, RestoreAsInput } from '#restore';
import { restoreAsWorkflow } from '#restore';
import { described, openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { runBench } from './run-bench.ts';

const database = ownName('as');
const copy = `${database}-copy`;
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;
let bench: ReturnType<typeof runBench>;
let point: Pick<RestoreAsInput, 'backupId'>;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
  bench = runBench(vault, engine.target);
});
beforeEach(async () => {
  const { db } = engine;
  await db.dropDatabase();
  await db.createCollection('logs', { validator: { n: { $gte: 0 } } });
  await db.collection('logs').insertMany(Array.from({ length: 200 }, (_, n) => ({ n, at: new Date() })));
  await db.collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 3_600 });
  await db.collection('trips').insertMany(Array.from({ length: 30 }, (_, n) => ({ n })));
  await db.createCollection('recent', { viewOn: 'logs', pipeline: [{ $match: { n: { $lt: 7 } } }] });
  await db.createCollection('newest', { viewOn: 'recent', pipeline: [{ $limit: 2 }] });
  const { header } = await engine.backUp();
  point = { backupId: header.backup };
});
afterEach(() => engine.client.db(copy).dropDatabase());
afterAll(() => engine.close());

const input = (naming: Naming, namespaces: string[], databases = [database]): RestoreAsInput => ({
  ...point,
  naming,
  namespaces,
  databases,
  captured: false,
});
const renaming = (): RestoreAsInput =>
  input({ names: ['logs', 'trips'].map((name) => ({ from: `${database}.${name}`, to: `${database}.${name}_old` })) }, [
    `${database}.logs`,
    `${database}.trips`,
  ]);
const copying = (): RestoreAsInput => input({ database: copy }, [`${database}.*`], [copy]);

const namesIn = async (name: string): Promise<string[]> =>
  (await engine.client.db(name).listCollections({}, { nameOnly: true }).toArray())
    .map((each) => each.name)
    .filter((each) => !each.startsWith('system.'))
    .sort();

const LIVE = ['logs', 'newest', 'recent', 'trips'];

test('collections come back under new names beside the live ones, which stay as they are', async () => {
  const before = await rawDocuments(engine.client, database, 'logs');
  await engine.db.collection('logs').deleteMany({ n: { $lt: 100 } });
  await engine.db.collection('trips').drop();
  const run = engine.nextRun();
  await bench.restoreAs(run, renaming());
  const done = await bench.carry(restoreAsWorkflow, run);
  expect(done?.state).toBe('done');
  expect(await namesIn(database)).toEqual(['logs', 'logs_old', 'newest', 'recent', 'trips_old']);
  expect((await rawDocuments(engine.client, database, 'logs_old')).toSorted()).toEqual(before.toSorted());
  expect(await engine.db.collection('logs').countDocuments()).toBe(100);
  const { options, indexes } = await described(engine.client, database, 'logs_old');
  expect(options?.validator).toEqual({ n: { $gte: 0 } });
  // nothing expires in a copy: it is there to be looked at
  expect(
    indexes.map(({ name, expireAfterSeconds }: { name: string; expireAfterSeconds?: number }) => [
      name,
      expireAfterSeconds,
    ]),
  ).toEqual([
    ['_id_', undefined],
    ['ttl', undefined],
  ]);
});

test('a whole database comes back as another, with its views over its own collections', async () => {
  const run = engine.nextRun();
  await bench.restoreAs(run, copying());
  await engine.db.collection('logs').deleteMany({});
  const done = await bench.carry(restoreAsWorkflow, run);
  expect(done?.state).toBe('done');
  expect(await namesIn(copy)).toEqual(LIVE);
  expect(await engine.client.db(copy).collection('newest').countDocuments()).toBe(2);
  expect(await engine.db.collection('newest').countDocuments()).toBe(0);
  expect(await namesIn(database)).toEqual(LIVE);
});

// before one act is after the one before it, but for what a worker knows of it: each way is shown once
test.each([
  ['before', 'in a database', copying],
  ['after', 'by name', renaming],
] as const)(
  'workers that die %s each of their acts, one after the other, leave what one would have made (%s)',
  async (when, _how, orders) => {
    let deaths = 0;
    for (let at = 2; at < 60; at += 1) {
      const run = engine.nextRun();
      await bench.restoreAs(run, orders());
      let done = await bench.carry(restoreAsWorkflow, run, { at, when });
      if (done) break;
      deaths += 1;
      for (let workers = 0; workers < 3 && !done; workers += 1) done = await bench.carry(restoreAsWorkflow, run);
      expect(done?.state, `died ${when} act ${at}: ${done?.failure?.message}`).toBe('done');
      const into = orders === copying ? copy : database;
      expect(await namesIn(into), `died ${when} act ${at}`).toEqual(
        orders === copying ? LIVE : ['logs', 'logs_old', 'newest', 'recent', 'trips', 'trips_old'],
      );
      if (orders === copying) await engine.client.db(copy).dropDatabase();
      else for (const name of ['logs_old', 'trips_old']) await engine.db.collection(name).drop();
    }
    // one for every step's beginning and end, every load, index, name and view at least
    expect(deaths).toBeGreaterThan(20);
  },
  90_000,
);

test('nothing has a name that people use before it is proved, and nothing that is not equal gets one', async () => {
  const run = engine.nextRun();
  await bench.restoreAs(run, renaming());
  const seen: string[][] = [];
  // somebody changes what was loaded, before it is proved
  const through = {
    ...engine.target,
    rename: async (...args: Parameters<typeof engine.target.rename>) => {
      await engine.target.rename(...args);
      seen.push(await namesIn(database));
      await engine.db.collection(args[1]).deleteOne({ n: 3 });
    },
  };
  const failed = await bench.carry(restoreAsWorkflow, run, { through });
  expect([failed?.state, failed?.failure?.code, failed?.putBack]).toEqual(['failed', 'RESTORE_MISMATCH', true]);
  expect(seen.flat().filter((name) => name.endsWith('_old') && !name.startsWith('__hf_'))).toEqual([]);
  expect(await namesIn(database)).toEqual(LIVE);
});

test('a name that is taken, before or meanwhile, is never replaced, and everything is put back', async () => {
  await engine.db.collection('trips_old').insertOne({ mine: true });
  const run = engine.nextRun();
  await bench.restoreAs(run, renaming());
  const refused = await bench.carry(restoreAsWorkflow, run);
  expect([refused?.state, refused?.failure?.code, refused?.putBack]).toEqual(['failed', 'TARGET_EXISTS', true]);
  expect(await namesIn(database)).toEqual([...LIVE, 'trips_old'].sort());

  await engine.db.collection('trips_old').drop();
  const late = engine.nextRun();
  await bench.restoreAs(late, renaming());
  // the first has its new name already when somebody takes the second's
  const through = {
    ...engine.target,
    rename: async (...args: Parameters<typeof engine.target.rename>) => {
      await engine.target.rename(...args);
      if (args[1] === 'logs_old') await engine.db.collection('trips_old').insertOne({ mine: true });
    },
  };
  const overtaken = await bench.carry(restoreAsWorkflow, late, { through });
  expect([overtaken?.state, overtaken?.failure?.code, overtaken?.putBack]).toEqual(['failed', 'TARGET_EXISTS', true]);
  expect(await namesIn(database)).toEqual([...LIVE, 'trips_old'].sort());
  expect(await engine.db.collection('trips_old').countDocuments({ mine: true })).toBe(1);
});

test('stopped before its end it leaves nothing; a view of the same name that says something else is not touched', async () => {
  const run = engine.nextRun();
  await bench.restoreAs(run, copying());
  const through = {
    ...engine.target,
    createView: async (...args: Parameters<typeof engine.target.createView>) => {
      await engine.target.createView(...args);
      await engine.client.db(copy).createCollection('newest', { viewOn: 'trips', pipeline: [] });
    },
  };
  const failed = await bench.carry(restoreAsWorkflow, run, { through });
  expect([failed?.state, failed?.putBack]).toEqual(['failed', true]);
  expect(await namesIn(copy)).toEqual(['newest']);
  await engine.client.db(copy).dropDatabase();

  const stopped = engine.nextRun();
  await bench.restoreAs(stopped, copying());
  const meanwhile = {
    ...engine.target,
    insert: async (...args: Parameters<typeof engine.target.insert>) => {
      await engine.target.insert(...args);
      await bench.stop(stopped);
    },
  };
  expect((await bench.carry(restoreAsWorkflow, stopped, { through: meanwhile }))?.state).toBe('stopped');
  expect(await namesIn(copy)).toEqual([]);
}, 60_000);

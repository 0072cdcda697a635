import { afterAll, beforeAll, expect, test } from 'vitest';
import { asDrError, type BackupId, DrError } from '#core';
import { catalogAt, isChosen, planRestore, restoreBeside, restoreViews, verifyBeside, viewsLeftOut } from '#restore';
import type { Vault } from '#vault';
import { during } from '../support/during.ts';
import { never, openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const database = ownName('choice');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
});
afterAll(() => engine.close());

const numbers = (length: number, from = 0) => Array.from({ length }, (_, n) => ({ _id: (from + n) as never, n }));

/** Restores a choice and proves it; the names it came to, and the keys of segments that were read for it. */
async function restored(backupId: BackupId, namespaces: string[]) {
  const read: string[] = [];
  const [home, ...others] = vault.stores.map((store) => ({
    ...store,
    get: (...args: Parameters<typeof store.get>) => {
      read.push(args[0]);
      return store.get(...args);
    },
  }));
  if (!home) throw new Error('a vault has a store');
  const watched: Vault = { ...vault, stores: [home, ...others] };
  const runId = engine.nextRun();
  const options = { vault: watched, point: { backupId }, target: engine.target, runId, namespaces, signal: never() };
  const { collections, views, refused } = await restoreBeside(options);
  const documents = read.filter((key) => key.includes('/documents-'));
  expect(
    (await verifyBeside({ ...options, where: 'beside' })).collections.flatMap(({ differences }) => differences),
  ).toEqual([]);
  return { collections, views, refused, documents, names: collections.map(({ name }) => name) };
}

const refusal = async (work: () => Promise<unknown>): Promise<string> => {
  const { code, kind, message, hint } = await work().then(() => new Error('nothing was refused') as never, asDrError);
  return `${code} ${kind}: ${message} ${hint}`;
};

test('of a chain only what is chosen is restored, by the names at its end, whatever was renamed on the way', async () => {
  const { db } = engine;
  for (const name of ['stays', 'leaves', 'comes', 'other']) await db.collection(name).insertMany(numbers(500));
  const full = await engine.backUp();
  await db.collection('comes').updateMany({ n: { $lt: 20 } }, { $set: { changed: true } });
  await db.collection('stays').deleteMany({ n: { $gte: 480 } });
  const first = await engine.backUpChanges(full);
  await db.collection('other').updateOne({ n: 1 }, { $set: { n: -1 } });
  // in the window of the last link: one that is chosen goes, another gets its name, and is written to under both
  const source = during(
    engine.source,
    async () => {
      await db.collection('leaves').rename('gone_away');
      await db.collection('comes').insertOne({ _id: 9_001 as never, n: 1 });
    },
    async () => {
      await db.collection('comes').rename('leaves');
      await db.collection('leaves').updateOne({ _id: 9_001 as never }, { $set: { n: 2 } });
      await db.collection('gone_away').insertOne({ _id: 9_002 as never, n: 3 });
    },
  );
  const { header } = await engine.backUpChanges(first, { source });
  expect(header.kind).toBe('incremental');
  const chosen = await restored(header.backup, [`${database}.leaves`, `${database}.stays`]);
  expect(chosen.names).toEqual(['leaves', 'stays']);
  for (const { name, beside } of chosen.collections) {
    const live = await rawDocuments(engine.client, database, name);
    expect((await rawDocuments(engine.client, database, beside)).toSorted(), name).toEqual(live.toSorted());
  }
  expect(await refusal(() => restored(header.backup, [`${database}.comes`]))).toContain('There was no');
  expect((await restored(header.backup, [`${database}.*`])).names).toEqual(['gone_away', 'leaves', 'other', 'stays']);
  await db.dropDatabase();
}, 60_000);

test('what is not chosen is not read from the vault', async () => {
  const { db } = engine;
  // each fills segments of its own
  const text = 'x'.repeat(1024 * 1024);
  for (const name of ['large', 'larger']) {
    await db.collection(name).insertMany(Array.from({ length: 24 }, (_, n) => ({ n, text })));
  }
  await db.collection('small').insertMany(numbers(10));
  const { header, body } = await engine.backUp();
  const all = body.segments.filter(({ kind }) => kind === 'documents').length;
  const small = await restored(header.backup, [`${database}.small`]);
  expect(new Set(small.documents).size).toBeLessThan(all);
  const number = body.collections.find(({ name }) => name === 'small')?.number;
  const its = body.segments.filter(
    (segment) => segment.kind === 'documents' && segment.contents.some(({ collection }) => collection === number),
  );
  expect(new Set(small.documents)).toEqual(new Set(its.map(({ key }) => key)));
  await db.dropDatabase();
}, 60_000);

test('what was not there is refused with the nearest name and what there was', async () => {
  const { db } = engine;
  await db.collection('driver_logs').insertOne({ n: 1 });
  await db.collection('trips').insertOne({ n: 1 });
  const { header } = await engine.backUp();
  const typo = await refusal(() => restored(header.backup, [`${database}.driver_lgos`]));
  expect(typo).toContain(`NOT_FOUND user: There was no ${database}.driver_lgos at that time.`);
  expect(typo).toContain(`Did you mean ${database}.driver_logs?`);
  expect(typo).toContain(`Choose from ${database}.driver_logs, ${database}.trips`);
  expect(await refusal(() => restored(header.backup, ['nowhere.*']))).toContain('There was no nowhere.*');
  expect(await refusal(() => restored(header.backup, [`${database}x.*`]))).toContain(`Did you mean ${database}.*?`);
  // one that is there does not make up for one that is not
  expect(await refusal(() => restored(header.backup, [`${database}.trips`, `${database}.tripz`]))).toContain('tripz');
  await db.dropDatabase();
});

test('a view is chosen with what it reads, joins and views under it included, or not at all', async () => {
  const { db } = engine;
  for (const name of ['logs', 'drivers', 'trips', 'other']) await db.collection(name).insertMany(numbers(5));
  await db.createCollection('plain', { viewOn: 'logs', pipeline: [] });
  await db.createCollection('joined', {
    viewOn: 'plain',
    pipeline: [
      { $lookup: { from: 'drivers', pipeline: [{ $unionWith: { coll: 'trips', pipeline: [] } }], as: 'd' } },
      {
        $facet: {
          a: [{ $match: { n: 1 } }],
          b: [{ $lookup: { from: 'other', as: 'o', localField: 'n', foreignField: 'n' } }],
        },
      },
      { $lookup: { from: 'never_was', as: 'x', localField: 'n', foreignField: 'n' } },
    ],
  });
  const { header } = await engine.backUp();
  const lone = await refusal(() => restored(header.backup, [`${database}.plain`]));
  expect(lone).toContain(`ARGUMENTS_INVALID user: ${database}.plain is a view: it holds nothing of its own`);
  expect(lone).toContain(
    `reads ${database}.logs. Nothing was changed. Choose what it reads too: --only ${database}.plain,${database}.logs`,
  );
  const half = await refusal(() => restored(header.backup, [`${database}.joined`, `${database}.logs`]));
  for (const name of ['plain', 'drivers', 'trips', 'other']) expect(half).toContain(`${database}.${name}`);
  expect(half).not.toContain('never_was');
  const whole = await restored(header.backup, [`${database}.plain`, `${database}.logs`]);
  expect([whole.names, whole.views]).toEqual([['logs'], [`${database}.plain`]]);

  const { catalog } = await catalogAt(vault, { backupId: header.backup });
  expect(viewsLeftOut(catalog, [`${database}.logs`])).toEqual([`${database}.plain`]);
  expect(viewsLeftOut(catalog, [`${database}.other`])).toEqual([`${database}.joined`]);
  expect(viewsLeftOut(catalog, [`${database}.*`])).toEqual([]);

  // a swap makes the views of the choice, and no others
  for (const name of ['joined', 'plain']) await db.dropCollection(name);
  const options = { vault, point: { backupId: header.backup }, target: engine.target, databases: [database] };
  expect((await restoreViews({ ...options, views: whole.views })).created).toEqual([`${database}.plain`]);
  expect((await restoreViews({ ...options, views: [] })).created).toEqual([]);
  expect((await restoreViews(options)).created).toEqual([`${database}.joined`]);
  await db.dropDatabase();
});

test('a time-series collection is known by its own name, not by that of its buckets', async () => {
  const { db } = engine;
  await db.createCollection('measured', { timeseries: { timeField: 'at' } });
  await db.collection('measured').insertOne({ at: new Date(), n: 1 });
  await db.collection('plain').insertOne({ n: 1 });
  const { header } = await engine.backUp();
  expect(await refusal(() => restored(header.backup, [`${database}.system.buckets.measured`]))).toContain('measured');
  expect((await restored(header.backup, [`${database}.measured`])).names).toEqual(['measured']);
  const { names, refused } = await restored(header.backup, [`${database}.*`]);
  expect(names).toEqual(['measured', 'plain']);
  expect(refused).toEqual([]);
  await db.dropDatabase();
});

test('where the segments may not be read, names are those of the beginning, and that is said', async () => {
  const { db } = engine;
  await db.collection('before').insertMany(numbers(5));
  const source = during(
    engine.source,
    async () => undefined,
    async () => {
      await db.collection('before').rename('after');
    },
  );
  const { header } = await engine.backUp({ source });
  const point = { backupId: header.backup };
  const { catalog, asOf } = await catalogAt(vault, point);
  expect(asOf).toBe('moment');
  expect(planRestore(catalog, engine.nextRun()).collections.map(({ namespace }) => namespace)).toEqual([
    `${database}.after`,
  ]);

  // forbidden, or in cold storage
  for (const code of ['OBJECT_STORE_REFUSED', 'OBJECT_ARCHIVED'] as const) {
    const stores = vault.stores.map((store) => ({
      ...store,
      get: async (...args: Parameters<typeof store.get>) => {
        if (args[0].startsWith('segments/')) throw new DrError(code, 'permanent', 'not now');
        return store.get(...args);
      },
    }));
    const [home, ...others] = stores;
    if (!home) throw new Error('a vault has a store');
    const blind = await catalogAt({ ...vault, stores: [home, ...others] }, point);
    expect(blind.asOf).toBe('backup');
    expect([...blind.catalog.collections.values()].map(({ name }) => name)).toEqual(['before']);
  }
  await db.dropDatabase();
});

test('what a choice has', () => {
  expect(isChosen('a.b', undefined)).toBe(true);
  expect(isChosen('a.b', ['a.*'])).toBe(true);
  expect(isChosen('ab.c', ['a.*'])).toBe(false);
  expect(isChosen('a.b.c', ['a.b.*'])).toBe(false);
  expect(isChosen('a.b', ['a.c', 'a.b'])).toBe(true);
  expect(isChosen('a.b', [])).toBe(false);
});

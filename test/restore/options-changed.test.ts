import { afterAll, beforeAll, expect, test } from 'vitest';
import { during } from '../support/during.ts';
import { described, openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const database = ownName('options');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault, 'primary');
});
afterAll(() => engine.close());

test('what is switched off while a backup is taken is off in what is restored', async () => {
  const { db } = engine;
  await db.createCollection('images', { changeStreamPreAndPostImages: { enabled: true } });
  await db.createCollection('keyed', {
    clusteredIndex: { key: { _id: 1 }, unique: true },
    expireAfterSeconds: 3_600,
  });
  const source = during(
    engine.source,
    async () => {
      await db.command({ collMod: 'images', changeStreamPreAndPostImages: { enabled: false } });
      await db.command({ collMod: 'keyed', expireAfterSeconds: 'off' });
    },
    async () => undefined,
  );
  const { header } = await engine.backUp({ source });
  const run = engine.nextRun();
  const { collections } = await engine.restore(header.backup, run);
  expect(collections.map(({ name, ttl }) => [name, ttl])).toEqual([
    ['images', []],
    ['keyed', []],
  ]);
  for (const { name, beside } of collections)
    expect(await described(engine.client, database, beside)).toEqual(await described(engine.client, database, name));
  expect((await engine.verify(header.backup, run)).collections.flatMap(({ differences }) => differences)).toEqual([]);
});

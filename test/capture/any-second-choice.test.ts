import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OplogTime } from '#ports';
import { restoreBeside, verifyBeside } from '#restore';
import { never, openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { captureBench } from './capture-bench.ts';

const database = ownName('chosen');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;
let bench: ReturnType<typeof captureBench>;

beforeAll(async () => {
  const uri = await sharedMongoUri();
  engine = await openEngine(uri, database, vault, 'primary');
  bench = captureBench(uri, database, vault);
});
afterAll(async () => {
  await bench.stop();
  await engine.close();
});

/** The bench's own, written to all the time. */
const MARKS = 'marks';

/** What the live database holds, by name. */
async function live(): Promise<Map<string, string[]>> {
  const names = (await engine.db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const mine = names.filter((name) => !name.startsWith('__hf_') && name !== MARKS).sort();
  return new Map(
    await Promise.all(
      mine.map(
        async (name): Promise<[string, string[]]> => [
          name,
          (await rawDocuments(engine.client, database, name)).toSorted(),
        ],
      ),
    ),
  );
}

test('a choice is by the names of the second it is restored to, whoever had them before and after', async () => {
  const { db } = engine;
  const moments: { at: OplogTime; held: Map<string, string[]> }[] = [];
  const note = async (): Promise<void> => {
    const held = await live();
    moments.push({ at: await bench.caughtUp(), held });
  };
  for (const name of ['a', 'b', 'c'])
    await db.collection(name).insertMany([
      { is: name, n: 1 },
      { is: name, n: 2 },
    ]);
  bench.start();
  await bench.caughtUp();
  const { header } = await engine.backUp();
  await db.collection('a').updateOne({ n: 1 }, { $set: { n: 10 } });
  await note();
  // out of the choice, into it, and over another
  await db.collection('a').rename('gone');
  await db.collection('gone').insertOne({ is: 'gone', n: 3 });
  await db.collection('b').rename('a');
  await db.collection('a').updateMany({}, { $inc: { n: 5 } });
  await note();
  await db.collection('gone').rename('c', { dropTarget: true });
  await db.collection('c').deleteOne({ n: 3 });
  await note();
  await db.collection('a').drop();
  await db.collection('a').insertOne({ is: 'new', n: 1 });
  await note();

  expect(moments.map(({ held }) => [...held.keys()].join())).toEqual(['a,b,c', 'a,c,gone', 'a,c', 'a,c']);
  for (const [index, { at, held }] of moments.entries()) {
    for (const choice of [['a'], ['c'], ['a', 'c'], ['*']]) {
      const wanted = choice[0] === '*' ? [...held.keys(), MARKS] : choice;
      const options = {
        vault,
        point: {
          backupId: header.backup,
          until: { timeline: 1, before: { ...at, increment: at.increment + 1 }, reached: at },
        },
        target: engine.target,
        runId: engine.nextRun(),
        namespaces: choice.map((name) => `${database}.${name}`),
        signal: never(),
      };
      const { collections } = await restoreBeside(options);
      expect(
        collections.map(({ name }) => name),
        `moment ${index}, ${choice}`,
      ).toEqual(wanted);
      for (const { name, beside } of collections.filter((each) => each.name !== MARKS)) {
        const found = (await rawDocuments(engine.client, database, beside)).toSorted();
        expect(found, `moment ${index}, ${name}`).toEqual(held.get(name));
      }
      expect((await verifyBeside({ ...options, where: 'beside' })).equal).toBe(true);
      for (const { beside } of collections) await db.collection(beside).drop();
    }
  }
}, 60_000);

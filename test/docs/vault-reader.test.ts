import { existsSync } from 'node:fs';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { EJSON } from 'bson';
import { Timestamp } from 'mongodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { documentsOf } from '#core';
import { s3For } from '#sandbox/servers';
import type { Manifest } from '#vault';
import { rawCursor } from '../../src/adapters/mongodb/raw-cursor.ts';
import { during } from '../support/during.ts';
import { openEngine, rawDocuments } from '../support/engine.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { openReaderBench, SECOND, writtenDocuments, writtenFiles, writtenMetadata } from './reader-bench.ts';
import { changeCatalog, changeCatalogAgain, fill, writeLarge, writeOn } from './reader-workload.ts';

// each run of the reader is a process of its own
vi.setConfig({ testTimeout: 120_000 });
const SEED = 20_261_124;
/** So slow that the workload gets its writes in while collections are read. */
const BETWEEN_BATCHES_MS = 30;
const database = ownName('reader');
const COLLECTIONS = ['big', 'clustered', 'folded', 'items', 'kept', 'moved_on', 'odd', 'plain/name %', 'replaced'];
const CAPPED = ['ring', 'short'];

let bench: Awaited<ReturnType<typeof openReaderBench>>;
let engine: Awaited<ReturnType<typeof openEngine>>;
let manifest: Manifest;
/** The capped collections, which the server reads no snapshot of, as they were when the writing stopped. */
const capped = new Map<string, string[]>();
let writes = 0;

beforeAll(async () => {
  bench = await openReaderBench();
  engine = await openEngine(await sharedMongoUri(), database, bench.vault);
  const { client } = engine;
  await fill(client, database, engine.target);
  let writer: ReturnType<typeof writeOn> | undefined;
  const source = during(
    engine.source,
    async () => {
      writer = writeOn(client, database, SEED);
      await changeCatalog(client, database);
      await writeLarge(client, database);
    },
    async () => {
      writes = (await writer?.stop()) ?? 0;
      await changeCatalogAgain(client, database);
      for (const name of CAPPED) capped.set(name, await rawDocuments(client, database, name));
    },
    BETWEEN_BATCHES_MS,
  );
  manifest = await engine.backUp({ source });
  // after the window: must not be there
  await engine.db.collection('items').deleteMany({ n: { $lt: 0 } });
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

const placeOf = ({ header }: Manifest): string => `${header.year}/${header.backup}`;

/** What the server itself had at that moment. */
async function snapshotAt(
  { seconds, increment }: Manifest['header']['window']['end'],
  name: string,
): Promise<string[]> {
  const atClusterTime = new Timestamp({ t: seconds, i: increment });
  const command = { find: name, readConcern: { level: 'snapshot', atClusterTime } };
  const found: string[] = [];
  for await (const { documents } of rawCursor({ client: engine.client, database, command, batchSize: 1000 })) {
    for (const document of documentsOf(documents)) found.push(document.toString('hex'));
  }
  return found;
}

const onlyIn = (some: readonly string[], others: readonly string[]): string[] => {
  const known = new Set(others);
  return some.filter((document) => !known.has(document));
};

function expectSame(written: readonly string[], wanted: readonly string[], name: string): void {
  expect(onlyIn(written, wanted), `${name} has what should not be there`).toEqual([]);
  expect(onlyIn(wanted, written), `${name} lacks`).toEqual([]);
  expect(written.length, name).toBe(wanted.length);
}

test('a backup taken under writes comes back from the second region alone, byte for byte', async () => {
  expect(writes).toBeGreaterThan(100);
  const listed = await bench.read('list');
  expect(listed.out).toContain(placeOf(manifest));
  const { code, err, folder } = await bench.restore(placeOf(manifest), '--hash');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(bench.gate.refused).toEqual([]);

  const run = engine.nextRun();
  const restored = await engine.restore(manifest.header.backup, run);
  expect(restored.collections.map(({ name }) => name).sort()).toEqual([...COLLECTIONS, ...CAPPED].sort());
  for (const { name, beside } of restored.collections) {
    const written = await writtenDocuments(folder, database, encodeURIComponent(name));
    const ours = await rawDocuments(engine.client, database, beside);
    if (CAPPED.includes(name)) {
      expect(written, name).toEqual(capped.get(name));
      expect(ours, name).toEqual(written);
    } else {
      expectSame(written, ours, `${name}, beside Holdfast's own restore,`);
      expectSame(written, await snapshotAt(manifest.header.window.end, name), `${name}, beside the server's snapshot,`);
    }
  }
});

/** As the server lists it, with the types of its numbers. */
async function listed(name: string): Promise<unknown> {
  const { client } = engine;
  const [info] = await client.db(database).listCollections({ name }, { promoteValues: false }).toArray();
  if (!info || !('options' in info)) throw new Error(`${name} is not there.`);
  const isView = info.type === 'view';
  const indexes = isView
    ? []
    : await client.db(database).collection(name).listIndexes({ promoteValues: false }).toArray();
  const uuid = isView ? {} : { uuid: info.info?.uuid?.toString('hex').replaceAll('-', '') };
  const { options, type } = info;
  return JSON.parse(EJSON.stringify({ options, indexes, ...uuid, collectionName: name, type }, { relaxed: false }));
}

test('options, indexes and views are as the server lists them', async () => {
  const { folder } = await bench.restore(placeOf(manifest));
  const views = ['second', 'view'];
  const files = [...COLLECTIONS, ...CAPPED].flatMap((name) => [`${name}.bson`, `${name}.metadata.json`]);
  expect(await writtenFiles(folder, database)).toEqual(
    [...files.map(encodeURIComponent), ...views.map((name) => `${name}.metadata.json`)].sort(),
  );
  for (const name of [...COLLECTIONS, ...CAPPED, ...views]) {
    const written = await writtenMetadata(folder, database, encodeURIComponent(name));
    // collMod has it as a long in the oplog, of which the catalog makes an int
    const ints = written.replace('{"$numberLong":"9000"}', '{"$numberInt":"9000"}');
    expect(JSON.parse(ints), name).toEqual(await listed(name));
  }
});

test('one collection can be restored alone, and a name that is not there is said', async () => {
  const only = await bench.restore(placeOf(manifest), '--only', `${database}.kept`);
  expect(await writtenFiles(only.folder, database)).toEqual(['kept.bson', 'kept.metadata.json']);
  const none = await bench.restore(placeOf(manifest), '--only', `${database}.dropped`);
  expect(none).toMatchObject({ code: 1, err: `The backup has no collection ${database}.dropped\n` });
});

async function expectStop(name: string, ...says: string[]): Promise<void> {
  const { code, err, folder } = await bench.restore(placeOf(manifest));
  expect(err).toContain(name);
  for (const words of says) expect(err).toContain(words);
  expect(err.trim().split('\n').length).toBe(1);
  expect(code).toBe(1);
  expect(existsSync(folder)).toBe(false);
}

test('one flipped bit in a segment or in the manifest ends it with the name of the object', async () => {
  const { spoiled } = bench.gate;
  for (const kind of ['documents', 'oplog']) {
    const segment = manifest.body.segments.findLast((one) => one.kind === kind);
    if (!segment) throw new Error(`The backup has no ${kind}.`);
    spoiled.add(segment.key);
    await expectStop(segment.key, 'has other bytes than the manifest says');
    spoiled.clear();
  }
  const key = `manifests/${placeOf(manifest)}`;
  spoiled.add(key);
  await expectStop(key, 'does not decrypt');
  spoiled.clear();
});

test('a deleted copy ends it until it is healed, a delete marker does not, a key that is another one does', async () => {
  const s3 = s3For(SECOND, bench.endpoint);
  const [segment] = manifest.body.segments;
  if (!segment) throw new Error('The backup has no segment.');
  const at = { Bucket: bench.bucket, Key: segment.key };
  await s3.send(new DeleteObjectCommand(at));
  expect(await bench.restore(placeOf(manifest))).toMatchObject({ code: 0, err: '' });
  const VersionId = segment.copies[SECOND] ?? '';
  const store = bench.vault.stores.find(({ region }) => region === SECOND);
  const object = await store?.get(segment.key, VersionId);
  await s3.send(new DeleteObjectCommand({ ...at, VersionId, BypassGovernanceRetention: true }));
  await expectStop(segment.key, VersionId, "can't be read");
  if (object) await store?.put(segment.key, object, { lock: 'none', ifAbsent: false });
  expect(await bench.restore(placeOf(manifest))).toMatchObject({ code: 0, err: '' });

  const { key } = manifest.header;
  const context = { purpose: 'holdfast-vault data key', key };
  const service = bench.vault.keys.find(({ region }) => region === SECOND);
  const wrapped = (await service?.wrap(Buffer.alloc(32, 1), context))?.wrapped.toString('base64') ?? '';
  const file = { key, generation: 1, context, wraps: [{ region: SECOND, keyName: service?.keyName, wrapped }] };
  const Body = JSON.stringify({ format: 'holdfast-vault', version: 1, ...file });
  await s3.send(
    new PutObjectCommand({ Bucket: bench.bucket, Key: `keys/${key}/0001`, Body, ChecksumAlgorithm: 'SHA256' }),
  );
  await expectStop(`manifests/${placeOf(manifest)}`, `keys/${key}/0001`, 'holds another key');
  s3.destroy();
});

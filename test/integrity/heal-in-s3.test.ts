import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, expect, test } from 'vitest';
import { memoryControlStore, memoryKeyService } from '#adapters/memory';
import { s3ObjectStore } from '#adapters/s3';
import { Region, RequestId, systemClock, systemRandom } from '#core';
import { readAndHeal, verifyCaptured } from '#integrity';
import { createAwsWorld, SANDBOX_CREDENTIALS, s3For } from '#sandbox/servers';
import { listTimelines, openBackup, openTimeline, openVault, verifyBackup } from '#vault';
import { never, openEngine } from '../support/engine.ts';
import { hoursAgo, IN_TWO_DAYS, madeFrom, makeSegments } from '../support/made-timeline.ts';
import { ownName, sharedAwsEndpoint, sharedMongoUri } from '../support/servers.ts';

const endpoint = await sharedAwsEndpoint();
const world = await createAwsWorld({ endpoint, prefix: ownName('heal'), zone: 'heal.example' });
const stores = (['us-east-1', 'us-west-2'] as const).map((name) =>
  s3ObjectStore({
    region: Region.parse(name),
    endpoint,
    credentials: SANDBOX_CREDENTIALS,
    bucket: world.buckets[name],
  }),
);
const keys = stores.map(({ region }) => memoryKeyService(region));
const vault = openVault({ stores, keys, clock: systemClock, random: systemRandom });
const database = ownName('heal');
const engine = await openEngine(await sharedMongoUri(), database, vault);
afterAll(async () => {
  await engine.close();
  for (const store of stores) store.close();
});

test('a version that an administrator removed past its lock is written again, locked as before, and found by readers', async () => {
  await engine.db.collection('logs').insertMany(Array.from({ length: 2_000 }, (_, n) => ({ n })));
  const { header, body } = await engine.backUp();
  const [segment] = body.segments;
  if (!segment) throw new Error('the backup has no segment');
  const west = Region.parse('us-west-2');
  const s3 = s3For('us-west-2', endpoint);
  await s3.send(
    new DeleteObjectCommand({
      Bucket: world.buckets['us-west-2'],
      Key: segment.key,
      VersionId: segment.copies[west],
      BypassGovernanceRetention: true,
    }),
  );
  s3.destroy();
  expect((await verifyBackup(vault, header.backup, never())).verdict).toBe('DAMAGED');

  const found = await readAndHeal(vault, header, never());
  expect(found).toMatchObject({ damage: [], restorable: true, healed: [{ region: west, from: 'us-east-1' }] });
  expect(await stores[1]?.head(segment.key)).toMatchObject({ lock: { mode: 'governance', until: expect.any(Date) } });
  const open = await openBackup(vault, header.backup);
  await open.readSegmentIn(west, segment);
  open.close();
}, 60_000);

test('of what was captured, markers in both regions hide nothing and an overwritten one is put right; locked versions help', async () => {
  const made = await makeSegments(vault, madeFrom(hoursAgo(4)), { count: 16, everySeconds: 240 });
  const [removed = '', hidden = '', overwritten = ''] = made.keys.slice(3);
  const keyObject = `keys/capture-0001-${removed.split('/')[2]}-000001/0001`;
  for (const name of ['us-east-1', 'us-west-2'] as const) {
    const s3 = s3For(name, endpoint);
    const Bucket = world.buckets[name];
    for (const Key of [hidden, keyObject]) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    s3.destroy();
  }
  for (const store of stores) {
    await store.put(overwritten, Buffer.from('nonsense'), { lock: 'none', ifAbsent: false });
  }
  const west = s3For('us-west-2', endpoint);
  for await (const { versionId } of stores[1]?.listVersions(removed) ?? []) {
    const of = { Bucket: world.buckets['us-west-2'], Key: removed, VersionId: versionId };
    await west.send(new DeleteObjectCommand({ ...of, BypassGovernanceRetention: true }));
  }
  west.destroy();
  expect((await listTimelines(vault)).timelines).toHaveLength(2);

  const found = await verifyCaptured(
    { vault, store: memoryControlStore(systemClock), captured: async () => undefined },
    { run: RequestId.parse('R-1'), percent: 100, signal: never(), report: () => undefined },
  );
  expect(found).toMatchObject({ healedCopies: 7, damaged: 0, lost: [] });
  const until = IN_TWO_DAYS.until;
  for (const store of stores) {
    for (const key of [removed, hidden, overwritten, keyObject]) {
      expect((await store.head(key))?.lock, key).toEqual({ mode: 'governance', until });
    }
    const alone = { ...vault, stores: [store] as const, keys: keys.filter(({ region }) => region === store.region) };
    const [timeline] = (await listTimelines(alone)).timelines;
    if (!timeline) throw new Error(`${store.region} has nothing`);
    const open = openTimeline(alone, timeline);
    let entries = 0;
    for await (const { header } of open.segments(timeline.from, made.through)) entries += header.entries;
    open.close();
    expect(entries).toBe(16);
  }
}, 60_000);

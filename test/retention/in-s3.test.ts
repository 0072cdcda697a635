import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { afterAll, expect, test } from 'vitest';
import { memoryKeyService } from '#adapters/memory';
import { s3ObjectStore } from '#adapters/s3';
import { asDrError, Region, RequestId, systemRandom } from '#core';
import type { ObjectStore } from '#ports';
import { holdBackup, mark, pruneList, type RetentionPolicy, releaseBackup, retentionWorld, sweep } from '#retention';
import { createAwsWorld, SANDBOX_CREDENTIALS, s3For } from '#sandbox/servers';
import { FORMAT, openVault, refuseLeaving } from '#vault';
import { makeBackup } from '../docs/made-backup.ts';
import { never } from '../support/engine.ts';
import { ownName, sharedAwsEndpoint } from '../support/servers.ts';

const DAY_MS = 86_400_000;
const endpoint = await sharedAwsEndpoint();
const aws = await createAwsWorld({ endpoint, prefix: ownName('prune'), zone: 'prune.example' });
const s3 = s3For('us-west-2', endpoint);
const opened = (['us-east-1', 'us-west-2'] as const).map((name) =>
  s3ObjectStore({ region: Region.parse(name), endpoint, credentials: SANDBOX_CREDENTIALS, bucket: aws.buckets[name] }),
);
afterAll(() => {
  for (const store of opened) store.close();
  s3.destroy();
});

/** How far time has gone on since the objects were written: a stand-in's clock can't be set. */
let passedDays = 0;
const later = (at: Date): Date => new Date(at.getTime() + passedDays * DAY_MS);

/** The bucket, seen so many days later: what was written before is older, and the marks are written now. */
const aged = (store: ObjectStore): ObjectStore => ({
  ...store,
  async *listVersions(prefix) {
    for await (const version of store.listVersions(prefix)) {
      yield version.key === 'retention/marks' ? { ...version, writtenAt: later(version.writtenAt) } : version;
    }
  },
});
const [east, west] = opened.map(aged) as [ObjectStore, ObjectStore];
const clock = { now: () => later(new Date()), monotonicMs: () => performance.now(), sleep: async () => undefined };
const vault = openVault({
  stores: [east, west],
  keys: opened.map(({ region }) => memoryKeyService(region)),
  clock,
  random: systemRandom,
});
const policy: RetentionPolicy = {
  tiers: { hourly: { days: 1 }, daily: { days: 2 }, weekly: { days: 3 }, monthly: { days: 4 }, yearly: { days: 5 } },
  continuousDays: 2,
  graceDays: 2,
  lockMode: 'governance',
  timeZone: 'UTC',
};
const inUse: { backup: Awaited<ReturnType<typeof makeBackup>>['header']['backup']; run: RequestId; what: string }[] =
  [];
const world = retentionWorld({ vault, policy, inUse: async () => inUse });

const everything = async (): Promise<string[]> => {
  const keys: string[] = [];
  for (const store of opened) for await (const { key } of store.listVersions('')) keys.push(key);
  return keys;
};
const namesOf = async (): Promise<string[]> =>
  (await pruneList(world, never())).candidates.map(({ unit }) => `${unit.kind} ${unit.place?.backup}`);
const sweepAll = async () => sweep(world, new Set((await pruneList(world, never())).ripe), never());

test('real backups: marked, waited for, held, in use, locked, deleted everywhere, and the newest stays', async () => {
  const old = await makeBackup(vault, [{ _id: 1 }], []);
  const newer = await makeBackup(vault, [{ _id: 1 }, { _id: 2 }], []);
  const left = `segments/${old.header.year}/B-0101-0000/dead/documents-000000`;
  for (const store of opened) await store.put(left, Buffer.from('left'), { lock: 'none', ifAbsent: false });
  await s3.send(new CreateMultipartUploadCommand({ Bucket: aws.buckets['us-west-2'], Key: 'segments/begun' }));

  // before the first round there are no marks: a restore does not mind
  await refuseLeaving(vault, old.header);
  // Their window ends in 1970, so that no term keeps them; both are young.
  expect((await mark(world, never())).remove).toEqual([]);

  passedDays = 3;
  const { remove, added } = await mark(world, never());
  expect(added).toBe(2);
  // both end at the same time: the later of the list is the newest
  const goes = remove.find(({ unit }) => unit.place?.backup !== 'B-0101-0000')?.unit.place?.backup;
  const [going, stays] = goes === old.header.backup ? [old, newer] : [newer, old];
  expect(await namesOf()).toEqual(expect.arrayContaining([`attempt ${going.header.backup}`, 'attempt B-0101-0000']));

  // Nothing is ripe before the grace period is over.
  const early = await sweepAll();
  expect([early.removed, early.retained]).toEqual([[], []]);
  // an upload that began three days ago and went no further is nobody's
  expect(early.uploads).toBe(1);

  passedDays = 6;
  inUse.push({ backup: going.header.backup, run: RequestId.parse('R-1'), what: 'restore' });
  expect(await namesOf()).toEqual(['attempt B-0101-0000']);
  inUse.pop();
  await holdBackup(
    world,
    {
      format: FORMAT,
      year: going.header.year,
      backup: going.header.backup,
      at: clock.now(),
      by: 'Lisa Brown',
      reason: 'court',
    },
    never(),
  );
  expect(await namesOf()).toEqual(['attempt B-0101-0000']);
  const segment = going.body.segments[0]?.key ?? '';
  expect(await west.head(segment)).toMatchObject({ legalHold: true });
  await releaseBackup(world, going.header, never());
  expect(await west.head(segment)).toMatchObject({ legalHold: false });

  const swept = await sweepAll();
  expect(swept.removed.map(({ unit }) => unit.place?.backup)).toContain('B-0101-0000');
  // the stand-in's own clock says that the day's lock has not run out: retained, and no error
  expect(swept.retained.map(({ unit }) => unit.place?.backup)).toEqual([going.header.backup]);
  expect(swept.retained[0]?.by.until?.getTime()).toBeGreaterThan(Date.now());
  expect(await everything()).toContain(`manifests/${stays.header.year}/${stays.header.backup}`);
  expect(await everything()).not.toContain(left);
}, 60_000);

test('while a region is silent nothing is decided', async () => {
  const dead = s3ObjectStore({
    region: Region.parse('eu-west-1'),
    endpoint: 'http://127.0.0.1:9',
    credentials: SANDBOX_CREDENTIALS,
    bucket: 'none',
  });
  const silent = openVault({ ...vault, stores: [east, dead] });
  const thrown = await mark(retentionWorld({ vault: silent, policy, inUse: async () => [] }), never()).catch(asDrError);
  dead.close();
  expect(thrown).toMatchObject({ kind: 'transient' });
});

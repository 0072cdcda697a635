import { beforeEach, expect, test } from 'vitest';
import { DrError } from '#core';
import { drillRegions, lookAtKeys } from '#keys';
import { keyGenerationKey, type Manifest } from '#vault';
import { smallBackup } from '../support/small-backup.ts';
import { rotationBench } from './rotation-bench.ts';

const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'];
const DUE = { kind: 'due', days: 90 } as const;
const dead = new DrError('SERVICE_UNAVAILABLE', 'transient', 'It does not answer.');

let bench: ReturnType<typeof rotationBench>;
let backups: Manifest[];
beforeEach(async () => {
  bench = rotationBench();
  backups = [await smallBackup(bench.vault), await smallBackup(bench.vault), await smallBackup(bench.vault)];
});
const newest = (): Manifest => backups.at(-1) as Manifest;

const generationCounts = (): number[] => bench.generationCounts(backups);
const everyBackupOpens = (): Promise<void> => bench.everyBackupOpens(backups);

function cut(region: number, error: DrError | undefined): void {
  bench.stores[region]?.failWith(error);
  bench.keys[region]?.failWith(error);
}

test('every key gets one generation more, whole in every region, and each region alone opens the newest backup', async () => {
  const run = await bench.rotate();
  expect([run.state, run.wrapped?.rewrapped, run.wrapped?.short.count]).toEqual(['done', 3, 0]);
  expect(generationCounts()).toEqual([2, 2, 2]);
  expect(run.drills).toEqual(REGIONS.map((region) => ({ region, backup: newest().header.backup, result: 'OPENS' })));
  expect((await lookAtKeys(bench.vault)).keys.map(({ lacks, wraps }) => [lacks.length, wraps.length])).toEqual([
    [0, 3],
    [0, 3],
    [0, 3],
  ]);
});

test('keys that an interrupted backup left are not wrapped: they open nothing', async () => {
  const [east] = bench.stores;
  const [, second] = backups;
  const orphan = keyGenerationKey(`${second?.header.key.slice(0, -8)}deadbeef`, 1);
  await east?.put(orphan, Buffer.from('{}'), { lock: 'none', ifAbsent: true });
  const run = await bench.rotate();
  expect([run.state, run.wrapped?.rewrapped]).toEqual(['done', 3]);
  expect(east?.keys().filter((key) => key.includes('deadbeef'))).toEqual([orphan]);
});

test('the schedule leaves young keys alone, and wraps them once when they are as old as the plan says', async () => {
  expect((await bench.rotate(DUE)).chosen).toMatchObject({ keys: [], kept: 3 });
  bench.passDays(89);
  backups.push(await smallBackup(bench.vault));
  expect((await bench.rotate(DUE)).chosen).toMatchObject({ keys: [], kept: 4 });
  bench.passDays(1);
  expect((await bench.rotate(DUE)).wrapped).toMatchObject({ rewrapped: 3 });
  expect(generationCounts()).toEqual([2, 2, 2, 1]);
  // the next day, and all the same after a restart of everything: what is known is in the vault
  bench.passDays(1);
  expect((await bench.rotate(DUE)).chosen).toMatchObject({ keys: [], kept: 4 });
});

test('a dead region is said, and made good by the first look after it is back, not before', async () => {
  cut(2, dead);
  const run = await bench.rotate();
  expect([run.state, run.wrapped?.rewrapped, run.wrapped?.short.count]).toEqual(['done', 3, 3]);
  expect(run.drills.map(({ result }) => result)).toEqual(['OPENS', 'OPENS', 'SILENT']);
  for (let day = 0; day < 3; day += 1) {
    bench.passDays(1);
    const again = await bench.rotate(DUE);
    expect([again.state, again.chosen?.keys, again.chosen?.waiting.count]).toEqual(['done', [], 3]);
  }
  expect((await lookAtKeys(bench.vault)).keys.map(({ lacks }) => lacks)).toEqual([
    ['eu-west-1'],
    ['eu-west-1'],
    ['eu-west-1'],
  ]);
  cut(2, undefined);
  const mended = await bench.rotate(DUE);
  expect([mended.state, mended.wrapped?.rewrapped, mended.wrapped?.short.count]).toEqual(['done', 3, 0]);
  expect((await bench.rotate(DUE)).chosen).toMatchObject({ keys: [], kept: 3, waiting: { count: 0 } });
});

test('a bucket that was away only gets the copies, no new generation', async () => {
  bench.stores[1]?.failWith(dead);
  await bench.rotate();
  bench.stores[1]?.failWith(undefined);
  const mended = await bench.rotate(DUE);
  expect([mended.state, mended.wrapped?.rewrapped]).toEqual(['done', 3]);
  expect(generationCounts()).toEqual([2, 2, 2]);
});

test('a damaged copy of the newest wraps is made good at the next look, whatever the file says of its age', async () => {
  await bench.rotate();
  bench.stores[1]?.tamper(keyGenerationKey(newest().header.key, 2), (body) => body.subarray(0, 40));
  const run = await bench.rotate(DUE);
  expect([run.state, run.wrapped?.rewrapped]).toEqual(['done', 1]);
  expect(generationCounts()).toEqual([2, 2, 3]);
});

/** A key object that says it is young and whole, with the wraps of another key, in every region. */
async function plant(key: string, generation: number): Promise<void> {
  const context = { purpose: 'holdfast-vault data key', key };
  const wraps = await Promise.all(
    bench.keys.map(async (service) => {
      const { wrapped, keyName } = await service.wrap(Buffer.alloc(32, 7), context);
      return { region: service.region, keyName, wrapped: wrapped.toString('base64') };
    }),
  );
  const madeAt = bench.vault.clock.now().toISOString();
  const planted = { format: 'holdfast-vault', version: 1, key, generation, madeAt, context, wraps };
  for (const store of bench.stores) {
    const body = Buffer.from(JSON.stringify(planted));
    await store.put(keyGenerationKey(key, generation), body, { lock: 'none', ifAbsent: true });
  }
}

test('a planted generation that says it is young and whole neither stops the rotation nor is taken over', async () => {
  const { key } = newest().header;
  bench.passDays(90);
  await plant(key, 7);
  const run = await bench.rotate(DUE);
  expect([run.state, run.wrapped?.rewrapped]).toEqual(['done', 3]);
  const numbers = bench.generations('us-east-1').filter((one) => one.startsWith(key));
  expect(numbers).toEqual([`${key}/0001`, `${key}/0007`, `${key}/0008`]);
  await everyBackupOpens();
});

test('nor does it make a young key be wrapped again every day', async () => {
  await plant(newest().header.key, 7);
  expect((await bench.rotate(DUE)).chosen).toMatchObject({ keys: [], kept: 3 });
});

test('a time in the future is not believed', async () => {
  bench.passDays(4_000);
  await bench.rotate();
  bench.passDays(-3_000);
  expect((await bench.rotate(DUE)).chosen?.keys).toHaveLength(3);
});

test('a key that a region replaced opens nothing any more once all is wrapped anew, and is not needed', async () => {
  bench.keys[0]?.replaceKey('named as an earlier one');
  await bench.rotate();
  const names = (await lookAtKeys(bench.vault)).keys.flatMap(({ wraps }) => wraps.map(({ keyName }) => keyName));
  expect(new Set(names).size).toBe(3);
  for (const alone of bench.keys) {
    for (const service of bench.keys) service.failWith(service === alone ? undefined : dead);
    await everyBackupOpens();
  }
});

test('a key that was replaced without its name in the plan is said by the drill before anybody needs it', async () => {
  bench.keys[0]?.replaceKey('forgotten');
  expect((await drillRegions(bench.vault, newest().header)).map(({ result }) => result)).toEqual([
    'REFUSED',
    'OPENS',
    'OPENS',
  ]);
  // the look of the same day makes it good: the other regions' wraps open every key
  const run = await bench.rotate(DUE);
  expect([run.state, run.wrapped?.rewrapped]).toEqual(['done', 3]);
  expect(run.drills.map(({ result }) => result)).toEqual(['OPENS', 'OPENS', 'OPENS']);
});

test('a region whose key refuses fails the run with its words; nothing is lost, and the days after make no more of it', async () => {
  bench.keys[1]?.failWith(new DrError('KEY_REFUSED', 'permanent', 'KMS in us-west-2 refused (DisabledException).'));
  const run = await bench.rotate();
  expect(run.state).toBe('failed');
  expect(run.failure?.message).toBe(
    `The key of us-west-2 does not open ${newest().header.backup} alone. KMS in us-west-2 refused (DisabledException).`,
  );
  expect(run.failure?.hint).toContain('dr doctor');
  await everyBackupOpens();
  expect((await bench.rotate(DUE)).chosen).toMatchObject({ keys: [], waiting: { count: 3 } });
  expect(generationCounts()).toEqual([2, 2, 2]);
});

test('a key that nothing opens and a manifest that nobody can read are named, and all others are wrapped', async () => {
  const [lost, unreadable] = backups as [Manifest, Manifest];
  for (const store of bench.stores) {
    store.tamper(keyGenerationKey(lost.header.key, 1), () => Buffer.from('{}'));
    store.tamper(`manifests/${unreadable.header.year}/${unreadable.header.backup}`, (body) => body.subarray(0, 10));
  }
  const run = await bench.rotate();
  expect([run.state, run.wrapped?.rewrapped]).toEqual(['failed', 1]);
  const named = [...(run.chosen?.trouble.first ?? []), ...(run.wrapped?.trouble.first ?? [])].map(({ key }) => key);
  expect(named.sort()).toEqual([lost.header.backup, unreadable.header.backup].sort());
  expect(run.failure?.hint).toContain('/dr verify');
});

test('one key that nothing opens while a region is silent does not keep the others from being wrapped', async () => {
  const [lost] = backups as [Manifest];
  for (const store of bench.stores) store.tamper(keyGenerationKey(lost.header.key, 1), () => Buffer.from('{}'));
  cut(2, dead);
  const run = await bench.rotate();
  expect([run.state, run.wrapped?.rewrapped]).toEqual(['done', 2]);
  expect(run.wrapped?.trouble.first).toMatchObject([{ key: lost.header.backup, passes: true }]);
  expect((await bench.rotate(DUE)).chosen?.trouble.first).toMatchObject([{ key: lost.header.backup, passes: true }]);
  cut(2, undefined);
  const after = await bench.rotate(DUE);
  expect(after.state).toBe('failed');
  expect(after.failure?.message).toContain(`The key of ${lost.header.backup}`);
});

test('while no key service answers the run waits and then fails, and nothing was written', async () => {
  for (const service of bench.keys) service.failWith(dead);
  for (const which of [{ kind: 'all' }, DUE] as const) {
    const run = await bench.rotate(which);
    expect([run.state, run.failure?.code, run.failure?.kind]).toEqual(['failed', 'SERVICE_UNAVAILABLE', 'transient']);
  }
  expect(generationCounts()).toEqual([1, 1, 1]);
});

test('without a backup there is nothing to rotate, and that is said', async () => {
  const empty = rotationBench();
  const run = await empty.rotate();
  expect([run.state, run.failure?.code]).toEqual(['failed', 'BACKUP_UNKNOWN']);
});

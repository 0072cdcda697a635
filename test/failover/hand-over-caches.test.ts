import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisCaches } from '#adapters/redis-caches';
import { RequestId, systemClock } from '#core';
import { type CachePlan, cacheWords, handOverCaches, UnplannedReceipt } from '#failover';
import type { Caches } from '#ports';
import { type RedisServer, startRedis } from '#sandbox/servers';
import { lostWorld, possible } from './lost-world.ts';
import { unplannedBench } from './run-unplanned.ts';
import { testSettings, WEST } from './settings.ts';

const R1 = RequestId.parse('R-1');
const promote: CachePlan = { name: 'sessions', onRegionLoss: 'promote' };
const startEmpty: CachePlan = { name: 'drafts', onRegionLoss: 'startEmpty' };

let east: RedisServer;
let west: RedisServer;
let caches: Caches;
let there: Redis;

const linked = async (): Promise<void> => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (/master_link_status:up/.test(await there.info('replication'))) return;
    await systemClock.sleep(25);
  }
  throw new Error('the replica did not follow');
};

beforeAll(async () => {
  [east, west] = await Promise.all([startRedis(), startRedis()]);
  caches = redisCaches((name, region) => (region === WEST && name !== 'unknown' ? west.url : undefined));
  there = new Redis(west.url, { maxRetriesPerRequest: 2 });
  there.on('error', () => undefined);
  const here = new Redis(east.url);
  await here.mset('driver:1', 'a', 'driver:2', 'b');
  here.disconnect();
  await there.replicaof('127.0.0.1', String(east.port));
  await linked();
});
afterAll(async () => {
  there.disconnect();
  await Promise.all([east.stop(), west.stop()]);
});

const handed = (wanted: readonly CachePlan[], by: Caches | undefined = caches) =>
  handOverCaches({ caches: by, clock: systemClock }, WEST, wanted);

test('a replica whose primary died takes writes with what it had, and a second time changes nothing', async () => {
  expect(await caches.look('sessions', WEST)).toEqual({ role: 'replica', keys: 2 });
  await expect(there.set('driver:3', 'c')).rejects.toThrow('READONLY');
  east.kill('SIGKILL');
  expect(await handed([promote])).toEqual([{ name: 'sessions', state: 'promoted', keys: 2 }]);
  await there.set('driver:3', 'c');
  expect(await handed([promote])).toEqual([{ name: 'sessions', state: 'promoted', keys: 3 }]);
});

test('one that is to start empty and is not is left as it is, and said; an empty one is well', async () => {
  await there.set('left', 'over');
  const [full] = await handed([startEmpty]);
  expect(full).toMatchObject({ state: 'failed', why: expect.stringContaining('is to start empty and holds') });
  expect(await there.exists('left')).toBe(1);
  await there.flushall();
  const [empty] = await handed([startEmpty]);
  expect(empty && cacheWords(empty)).toBe('drafts starts empty');
});

test('one without an address, and all of them where none is known, are said and hold nobody up', async () => {
  const [unknown] = await handed([{ ...promote, name: 'unknown' }]);
  expect(unknown && cacheWords(unknown)).toBe(
    'unknown NOT READY: no address of the cache unknown in us-west-2 is known',
  );
  expect((await handOverCaches({ caches: undefined, clock: systemClock }, WEST, [promote]))[0]?.state).toBe('failed');
});

async function failedOver(by: Caches) {
  const base = testSettings();
  const company = lostWorld({ service: { ...base.service, caches: [promote, startEmpty] } });
  company.lose();
  const bench = unplannedBench({ ...company.world, caches: by }, company.store, company.leases);
  const found = await possible(company);
  await bench.create(R1, found);
  expect(await bench.execute(R1)).toBe('done');
  const run = await bench.record(R1);
  return { found, bench, receipt: UnplannedReceipt.parse(run.steps.at(-1)?.output) };
}

test('an unplanned failover hands caches over before it scales, tells it, and has it on its receipt', async () => {
  await there.flushall();
  const { found, bench, receipt } = await failedOver(caches);
  expect(found.facts.caches).toEqual([promote, startEmpty]);
  expect(receipt.caches).toEqual([
    { name: 'sessions', state: 'promoted', keys: 0 },
    { name: 'drafts', state: 'empty', keys: 0 },
  ]);
  const told = bench.events.find((event) => event.kind === 'step-done' && event.step === 'scale-services');
  expect(JSON.stringify(told)).toContain('Caches: sessions promoted with 0 keys; drafts starts empty.');
});

test('a cache that does not answer is named on the receipt, and users are served all the same', async () => {
  await west.stop();
  const { receipt } = await failedOver(caches);
  expect(receipt.caches?.map(({ state, why }) => [state, why])).toEqual([
    ['failed', 'sessions in us-west-2 does not answer'],
    ['failed', 'drafts in us-west-2 does not answer'],
  ]);
});

test('where the plan names no cache nothing is asked, and nothing is said', async () => {
  const company = lostWorld();
  company.lose();
  const bench = unplannedBench(company.world, company.store, company.leases);
  const found = await possible(company);
  expect(found.facts).not.toHaveProperty('caches');
  await bench.create(R1, found);
  await bench.execute(R1);
  const run = await bench.record(R1);
  expect(UnplannedReceipt.parse(run.steps.at(-1)?.output)).not.toHaveProperty('caches');
});

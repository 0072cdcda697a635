import { beforeAll, expect, type TestContext, test } from 'vitest';
import { memoryControlStore } from '#adapters/memory';
import { canaryNamespace, openCanary } from '#adapters/mongodb';
import { keepRule, openAlarms } from '#alarms';
import { lookForCanaries, type RpoWorld, readCaptureState, readRpo, rpoNow, sendCanary } from '#capture';
import { DrError, systemClock } from '#core';
import { type AlarmWorld, alarmRules } from '#flows';
import { parsePlan } from '#plan';
import { compareOplogTimes, type ObjectStore } from '#ports';
import { until } from '#sandbox/servers';
import { openJournal } from '#workflow';
import { edited } from '../plan/eld-plan.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { captureBench } from './capture-bench.ts';

let uri = '';
beforeAll(async () => {
  uri = await sharedMongoUri();
});

/** The plan, with a second for everything that takes a minute. */
const { plan } = parsePlan(
  edited(
    ['leaderless_seconds: 30', 'leaderless_seconds: 1'],
    ['frozen_seconds: 60', 'frozen_seconds: 1'],
    ['region_behind_seconds: 120', 'region_behind_seconds: 1'],
  ),
  'plan.yaml',
);

/** Capture of a database in which nobody writes, and whoever watches it. */
async function setUp({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const database = ownName('canary');
  const memory = memoryVault();
  const bench = captureBench(uri, ownName('quiet'), memory.vault);
  const canary = openCanary({ uri, database });
  const { store, leases } = bench;
  const rpo: RpoWorld = { store, vault: memory.vault, canary, durableRegions: 2 };
  const settings = {
    databases: { include: ['quiet'], exclude: [] },
    canary: canaryNamespace(database),
    durableRegions: 2,
    segmentMs: 50,
    lock: { mode: 'governance', days: 1 } as const,
  };
  onTestFinished(async () => {
    await bench.stop();
    await canary.close();
  });
  const look = async () => {
    await lookForCanaries(rpo);
    const found = await readRpo(store);
    return found && rpoNow(found, await store.now());
  };
  const arrives = async () => {
    await sendCanary(rpo);
    return until('the canary has arrived', async () => {
      await look();
      const found = await readRpo(store);
      return found?.pending.length === 0 ? found : undefined;
    });
  };
  const world: AlarmWorld = {
    plan,
    store,
    leases,
    vault: memory.vault,
    journal: openJournal(store),
    oplogRoom: { look: async () => [] },
    readiness: async () => [],
  };
  const rule = (name: string) => {
    const found = alarmRules(world).find((each) => each.name === name);
    if (!found) throw new Error(`no rule ${name}`);
    return { ...found, raiseAfterMs: 0, overAfterMs: 0 };
  };
  const raised = (name: string) =>
    until(`${name} is raised`, async () => {
      await lookForCanaries(rpo);
      await keepRule(store, rule(name));
      const [alarm] = (await openAlarms(store)).filter(({ key }) => key.startsWith(name));
      return alarm;
    });
  const over = (name: string) =>
    until(`${name} is over`, async () => {
      await sendCanary(rpo);
      await lookForCanaries(rpo);
      await keepRule(store, rule(name));
      return (await openAlarms(store)).every(({ key }) => !key.startsWith(name));
    });
  const start = () => bench.start({ settings });
  const started = async () => {
    const stop = start();
    await until('capture knows where it stands', async () => (await readCaptureState(store)) !== undefined);
    return stop;
  };
  return { ...memory, bench, store, rpo, look, arrives, raised, over, start, started, database };
}

const dead = (): DrError => new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The region does not answer.');

test.concurrent('where nobody writes, a canary is durable as fast as a write, and getting older loses nothing', async (context) => {
  const { started, arrives, look, store } = await setUp(context);
  await started();
  await arrives();
  // the first one waited for capture to begin
  const { durable } = await arrives();
  const tookMs = (durable?.seenAt.getTime() ?? 0) - (durable?.at.getTime() ?? 0);
  // a quiet system's own segments are 10 s apart
  expect(tookMs).toBeLessThan(5_000);
  await systemClock.sleep(700);
  expect(await look()).toEqual({ measured: true, ms: tookMs });
  const rpo = await readRpo(store);
  const later = new Date(Date.now() + 60_000);
  expect(rpo && rpoNow(rpo, later)).toMatchObject({ measured: false, why: 'no worker has looked since' });
});

test.concurrent('a capture that has died does not look good: what it left grows old, and both alarms say since when', async (context) => {
  const { started, start, arrives, look, raised, over, rpo } = await setUp(context);
  const stop = await started();
  await arrives();
  await stop();
  const diedAt = Date.now();
  await sendCanary(rpo);
  const frozen = await raised('rpo-frozen');
  expect(frozen).toMatchObject({ title: 'Nothing new is durable', next: '/dr status' });
  const now = await look();
  expect(now?.measured && now.ms).toBeGreaterThanOrEqual(1_000);
  const alone = await raised('capture-leaderless');
  expect(alone.title).toBe('Nobody captures');
  expect(alone.since.getTime()).toBeGreaterThanOrEqual(diedAt - 2_000);
  start();
  await over('capture-leaderless');
  await over('rpo-frozen');
  expect((await arrives()).pending).toEqual([]);
});

test.concurrent('a segment that capture names but too few buckets have is not durable', async (context) => {
  const { started, arrives, stores, rpo, store } = await setUp(context);
  await started();
  await arrives();
  const blind = (each: ObjectStore): ObjectStore => ({ ...each, head: async () => undefined });
  const [home, second, third] = stores;
  if (!home || !second || !third) throw new Error('three regions');
  const robbed: RpoWorld = { ...rpo, vault: { stores: [home, blind(second), blind(third)] } };
  await sendCanary(robbed);
  const sent = (await readRpo(store))?.pending[0];
  await until('capture says that it has it', async () => {
    await lookForCanaries(robbed);
    const through = (await readCaptureState(store))?.position.through;
    return sent && through && compareOplogTimes(through, sent.time) >= 0;
  });
  await lookForCanaries(robbed);
  expect((await readRpo(store))?.pending).toHaveLength(1);
  await lookForCanaries(rpo);
  expect((await readRpo(store))?.pending).toEqual([]);
});

test.concurrent('a region that gets nothing is an alarm of its own while the others go on, and is over when it is back', async (context) => {
  const { started, arrives, raised, over, stores, rpo } = await setUp(context);
  await started();
  await arrives();
  stores[1]?.failWith(dead());
  await arrives();
  const alarm = await raised('region-behind');
  expect(alarm).toMatchObject({ key: 'region-behind/us-west-2', title: 'us-west-2 gets no captured writes' });
  expect(alarm.cause.join('')).toContain('The region does not answer.');
  stores[1]?.failWith(undefined);
  await sendCanary(rpo);
  await over('region-behind');
});

test('a canary that can not be written is noted with its reason, and the measurement is then said to stand still', async () => {
  const store = memoryControlStore(systemClock);
  const refused = new DrError('DATABASE_REFUSED', 'permanent', 'not authorized on holdfast_canary.');
  const rpo: RpoWorld = {
    store,
    vault: memoryVault().vault,
    canary: { write: () => Promise.reject(refused) },
    durableRegions: 2,
  };
  await sendCanary(rpo);
  await sendCanary(rpo);
  const found = await readRpo(store);
  expect(found).toMatchObject({ number: 2, pending: [], failure: { why: 'not authorized on holdfast_canary.' } });
  expect(found && rpoNow(found, new Date())).toMatchObject({ measured: false, why: refused.message });
});

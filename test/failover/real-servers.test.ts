import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#core';
import { previewFailback, previewFailover } from '#failover';
import { until } from '#sandbox/servers';
import { Audit, ask } from '../sandbox/eld/company.ts';
import { type RealWorld, realWorld, watchForTwoPrimaries } from './real-world.ts';
import { requestNumber } from './run-move.ts';
import { EAST, WEST } from './settings.ts';

let real: RealWorld;
beforeAll(async () => {
  real = await realWorld('failover');
}, 120_000);
afterAll(() => real.stop(), 60_000);

const auditAll = () => ask(`${real.company.eld.drivers.url}/audit`, Audit);

test('a planned failover under load pauses writers at most 3 s, loses nothing and never has two primaries', async () => {
  await real.flowing(60);
  const preview = await previewFailover(real.world, { to: WEST }, systemClock);
  expect(preview.problems.map(({ message }) => message)).toEqual([]);
  await real.bench.create(requestNumber(1), preview);
  await real.resetPause();
  const watch = watchForTwoPrimaries(real);
  expect(await real.bench.execute(requestNumber(1))).toBe('done');
  const { looks, twice } = await watch.end();
  expect(looks).toBeGreaterThan(20);
  expect(twice).toEqual([]);

  const { longestPauseMs } = await real.stats();
  const receipt = real.receipts.get(requestNumber(1));
  expect(longestPauseMs).toBeLessThan(3_000);
  expect(receipt?.pauses).toHaveLength(1);
  expect(receipt?.pauses[0]?.ms).toBeLessThan(3_000);
  expect(receipt?.proof).toMatchObject({ testWrites: { written: 20, readBack: 20 }, trafficShare: 1 });
  expect(receipt?.proof.primarySeenFrom.sort()).toEqual([EAST, WEST]);
  expect(receipt?.proof.readBack.writes).toBeGreaterThan(100);
  expect(await auditAll()).toMatchObject({ missing: 0, changed: 0 });
}, 120_000);

test('after that the loss of us-east-1 stops nobody: majority writes go on', async () => {
  for (const member of real.company.set.inRegion(EAST)) member.kill('SIGKILL');
  await real.company.eld.kubernetes.cluster(EAST).powerOff();
  await real.flowing(120);
  expect(await auditAll()).toMatchObject({ missing: 0, changed: 0 });
}, 60_000);

test('while us-east-1 is gone, a failback refuses and names what does not answer', async () => {
  const { facts, problems } = await previewFailback(real.world, { to: EAST }, systemClock);
  expect(facts).toBeUndefined();
  expect(problems.map(({ code }) => code)).toEqual(['REGION_UNREACHABLE']);
  for (const { host } of real.company.set.inRegion(EAST)) expect(problems[0]?.message).toContain(host);
});

test('when us-east-1 is back, a failback brings database, drivers, votes, services and configuration home', async () => {
  await Promise.all(real.company.set.inRegion(EAST).map((member) => member.restart()));
  await real.company.eld.kubernetes.cluster(EAST).powerOn();
  const preview = await until(
    'us-east-1 is ready',
    async () => {
      const found = await previewFailback(real.world, { to: EAST }, systemClock);
      return found.facts && found.problems.length === 0 ? found : undefined;
    },
    { withinMs: 60_000, everyMs: 500 },
  );
  await real.bench.create(requestNumber(2), preview);
  await real.resetPause();
  const watch = watchForTwoPrimaries(real);
  expect(await real.bench.execute(requestNumber(2))).toBe('done');
  expect((await watch.end()).twice).toEqual([]);
  expect((await real.stats()).longestPauseMs).toBeLessThan(3_000);

  const { members } = await real.world.replicaSet.look();
  expect(members.map(({ region, votes, priority }) => [region, votes, priority])).toEqual([
    [EAST, 1, 2],
    [EAST, 1, 2],
    [WEST, 1, 1],
  ]);
  expect(members.find(({ state }) => state === 'primary')).toMatchObject({ region: EAST, writable: true });
  expect(await real.world.clusters.configuration(WEST)).toMatchObject({ 'active-region': EAST });
  expect(await auditAll()).toMatchObject({ missing: 0, changed: 0 });
}, 180_000);

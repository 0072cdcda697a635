import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrError, systemClock } from '#core';
import { previewFailover } from '#failover';
import { until } from '#sandbox/servers';
import { Audit, ask } from '../sandbox/eld/company.ts';
import { lostRegionTests } from './real-lost.ts';
import { type RealWorld, realWorld, watchForTwoPrimaries } from './real-world.ts';
import { requestNumber } from './run-move.ts';
import { EAST, WEST } from './settings.ts';

let real: RealWorld;
beforeAll(async () => {
  real = await realWorld('faults', { planned: { pauseMs: 8_000, durationMs: 900_000 } });
}, 120_000);
afterAll(() => real.stop(), 60_000);

const auditAll = () => ask(`${real.company.eld.drivers.url}/audit`, Audit);

/** A machine that is busy with other tests may have left the target seconds behind: a move waits for that too. */
const readyPreview = () =>
  until('the target is ready', async () => {
    const preview = await previewFailover(real.world, { to: WEST }, systemClock);
    return preview.problems.length === 0 ? preview : undefined;
  });

async function asBefore(): Promise<void> {
  const { members } = await real.world.replicaSet.look();
  expect(members.map(({ region, votes, priority }) => [region, votes, priority])).toEqual([
    [EAST, 1, 3],
    [EAST, 1, 2],
    [WEST, 1, 1],
  ]);
  expect(members.find(({ state }) => state === 'primary')).toMatchObject({ region: EAST, writable: true });
  await real.flowing(30);
  expect(await auditAll()).toMatchObject({ missing: 0, changed: 0 });
}

test('a target that freezes in the middle of the pause: writes are reopened in the old region within the limit', async () => {
  const run = requestNumber(1);
  await real.bench.create(run, await readyPreview());
  const west = real.company.set.member('west-1');
  const { replicaSet } = real.world;
  const world = {
    ...real.world,
    replicaSet: {
      ...replicaSet,
      blockWrites: async (withinMs: number) => {
        west.kill('SIGSTOP');
        await replicaSet.blockWrites(withinMs);
      },
    },
  };
  await real.resetPause();
  const state = await real.bench.execute(run, { world }).finally(() => west.kill('SIGCONT'));
  expect(state).toBe('failed');
  const { failure } = await real.bench.record(run);
  expect(failure, JSON.stringify(failure)).toMatchObject({ code: 'TIMED_OUT' });
  expect((await real.stats()).longestPauseMs).toBeLessThan(10_000);
  await until('all members are well', async () =>
    (await replicaSet.look()).members.every(({ state: now }) => now === 'primary' || now === 'secondary'),
  );
}, 120_000);

test('DNS refuses: primary, votes and drivers are back where they were, nothing is lost', async () => {
  await real.flowing(30);
  const before = (await real.world.replicaSet.look()).members;
  const run = requestNumber(2);
  await real.bench.create(run, await readyPreview());
  const refusal = new DrError('DNS_REFUSED', 'permanent', 'Route 53 refused to change the weights (AccessDenied).');
  const world = { ...real.world, dns: { ...real.world.dns, setWeights: async () => Promise.reject(refusal) } };
  const watch = watchForTwoPrimaries(real);
  expect(await real.bench.execute(run, { world })).toBe('failed');
  expect((await watch.end()).twice).toEqual([]);
  expect(await real.bench.record(run)).toMatchObject({ putBack: true, failure: { code: 'DNS_REFUSED' } });
  expect(before.map(({ votes }) => votes)).toEqual([1, 1, 1]);
  await asBefore();
}, 120_000);

test('an old transaction that would hold the block up is ended first, and writers do not wait for it', async () => {
  const client = new MongoClient(real.company.set.uri('eld'));
  try {
    const session = client.startSession();
    session.startTransaction();
    await client.db('eld').collection('trips').insertOne({ open: true }, { session });
    await systemClock.sleep(1_200);
    expect(await real.world.replicaSet.endTransactions(1_000)).toBe(1);
    await expect(session.commitTransaction()).rejects.toThrow();
    await session.endSession();
  } finally {
    await client.close();
  }
}, 30_000);

test('a target that is behind is not ready, and the preview says by how much', async () => {
  const west = real.company.set.member('west-1');
  const { world } = real;
  const strict = { ...world, settings: { ...world.settings, lagLimitMs: 1 } };
  const frozen = await world.replicaSet.look();
  const lagging = {
    ...strict,
    replicaSet: {
      ...world.replicaSet,
      look: async () => ({
        ...frozen,
        members: frozen.members.map((member) =>
          member.host === west.host
            ? { ...member, appliedAt: new Date((member.appliedAt?.getTime() ?? 0) - 48_000) }
            : member,
        ),
      }),
    },
  };
  const { problems } = await previewFailover(lagging, { to: WEST }, systemClock);
  expect(problems[0]).toMatchObject({ code: 'REGION_NOT_READY' });
  expect(problems[0]?.message).toContain('it is 48 s behind');
  west.kill('SIGSTOP');
  try {
    const started = performance.now();
    const silent = await previewFailover(world, { to: WEST }, systemClock);
    expect(silent.problems[0]?.message).toContain(`${west.host} does not answer`);
    // A frozen member keeps its connections open; only our own deadlines end the waiting.
    expect(performance.now() - started).toBeLessThan(8_000);
  } finally {
    west.kill('SIGCONT');
  }
}, 30_000);

lostRegionTests(() => real);

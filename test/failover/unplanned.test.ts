import { expect, test } from 'vitest';
import { DrError, systemClock } from '#core';
import { type LostRegionWorld, sweepLeftovers, unplannedWorkflow } from '#failover';
import { changeRecord } from '#ports';
import { demandGoOn, demandStop, openLocks } from '#workflow';
import { type LostCompany, lostWorld, possible } from './lost-world.ts';
import { john, requestNumber } from './run-move.ts';
import { unplannedBench } from './run-unplanned.ts';
import { EAST, WEST } from './settings.ts';

const R1 = requestNumber(1);

async function lost(change: Parameters<typeof lostWorld>[0] = {}) {
  const company = lostWorld({ trafficMovedWithinMs: 100, forceWithinMs: 100, ...change });
  company.lose();
  const bench = unplannedBench(company.world, company.store, company.leases);
  await bench.create(R1, await possible(company));
  return { ...company, bench };
}

async function expectServing(company: LostCompany): Promise<void> {
  expect(await company.replicaSet.primary()).toBe('west-1');
  const { members } = await company.replicaSet.look();
  expect(members.map(({ votes }) => votes)).toEqual([0, 0, 1]);
  expect([...company.hands.open]).toEqual([WEST]);
  expect([...company.hands.diverted]).toEqual([EAST]);
  expect([...company.hands.saved, ...company.hands.recovered]).toEqual([R1, R1]);
  expect(company.clusters.at(WEST)).toMatchObject({ wanted: 3, configuration: { 'active-region': WEST } });
  expect(company.receipts.size).toBe(1);
  company.replicaSet.write();
}

test('away from a lost region: fenced, forced, tail put back, open, and what is left is said', async () => {
  const company = await lost();
  company.hands.tail = { ...company.hands.tail, entries: 12 };
  expect(await company.bench.execute(R1)).toBe('done');
  await expectServing(company);
  expect(company.receipts.get(R1)).toMatchObject({
    move: 'unplanned failover',
    applied: 12,
    left: ['DNS weights', 'configuration in us-east-1'],
    unreachable: [EAST],
    proof: { by: 'lease-ended' },
  });
  expect((await company.replicaSet.look()).catchUpMs).toBe(-1);
});

test('nobody writes between the fence and the opening: the order is fence, force, block, tail, lease, unblock', async () => {
  const company = await lost();
  const order: string[] = [];
  const noted = <Port extends object>(port: Port, names: readonly string[]): Port =>
    new Proxy(port, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function' || !names.includes(String(name))) return value;
        return (...args: unknown[]) => {
          order.push(typeof args[0] === 'string' && name === 'open' ? `${String(name)} ${args[0]}` : String(name));
          return Reflect.apply(value, target, args);
        };
      },
    });
  const world: LostRegionWorld = {
    ...company.world,
    fence: noted(company.world.fence, ['prove', 'open']),
    tail: noted(company.world.tail, ['save', 'recover']),
    replicaSet: noted(company.world.replicaSet, ['forceRoles', 'stepUp', 'blockWrites', 'unblockWrites']),
    dnsSwitch: noted(company.world.dnsSwitch, ['divert']),
  };
  expect(await company.bench.execute(R1, { world })).toBe('done');
  expect(order).toEqual([
    ...['prove', 'save', 'forceRoles', 'stepUp', 'blockWrites', 'blockWrites', 'recover'],
    ...['open us-west-2', 'unblockWrites', 'divert'],
  ]);
});

test('a fence that is not proved in the end: the old lease is open again, nothing was forced', async () => {
  const company = await lost();
  company.hands.fence = { ...company.hands.fence, standing: 'not-provable' };
  expect(await company.bench.execute(R1)).toBe('failed');
  expect(await company.bench.record(R1)).toMatchObject({ putBack: true, failure: { code: 'FENCE_NOT_PROVED' } });
  expect([...company.hands.open]).toEqual([EAST]);
  expect(company.replicaSet.forced()).toBe(0);
});

test('a primary that comes back before anything is forced gets its lease back', async () => {
  const company = await lost();
  company.find();
  expect(await company.bench.execute(R1)).toBe('failed');
  expect(await company.bench.record(R1)).toMatchObject({ putBack: true, failure: { code: 'DATABASE_REFUSED' } });
  expect([...company.hands.open]).toEqual([EAST]);
  company.replicaSet.write();
});

test('after the force there is no way back: the lease stays closed, and told to go on the run ends well', async () => {
  const company = await lost();
  const { replicaSet } = company.world;
  const refusing = async (): Promise<never> => {
    throw new DrError('DATABASE_REFUSED', 'permanent', 'No right to step up.');
  };
  const world = { ...company.world, replicaSet: { ...replicaSet, stepUp: refusing } };
  expect(await company.bench.execute(R1, { world })).toBe('failed');
  const run = await company.bench.record(R1);
  expect(run).toMatchObject({ putBack: false });
  expect(run.failure?.message).toContain('The database was forced over to us-west-2: it only goes forward.');
  expect(run.failure?.hint).toBe('/dr resume R-1');
  expect([...company.hands.open]).toEqual([]);
  await demandGoOn(company.bench.journal, R1);
  expect(await company.bench.execute(R1)).toBe('done');
  await expectServing(company);
});

test('a stop that comes too late is answered truthfully, and does not keep the run from going on', async () => {
  const company = await lost();
  const { replicaSet } = company.world;
  const world = {
    ...company.world,
    replicaSet: {
      ...replicaSet,
      stepUp: async (host: string, withinMs: number) => {
        await replicaSet.stepUp(host, withinMs);
        await demandStop(company.bench.journal, R1, john);
      },
    },
  };
  expect(await company.bench.execute(R1, { world })).toBe('failed');
  expect((await company.bench.record(R1)).failure?.message).toContain('it only goes forward');
  await demandGoOn(company.bench.journal, R1);
  expect(await company.bench.execute(R1)).toBe('done');
  await expectServing(company);
});

test('a vault that does not take the tail keeps nobody waiting, and the receipt says so', async () => {
  const company = await lost({ saveTailWithinMs: 20 });
  const world = { ...company.world, tail: { ...company.world.tail, save: () => new Promise<never>(() => undefined) } };
  expect(await company.bench.execute(R1, { world })).toBe('done');
  expect(company.receipts.get(R1)?.notSaved).toContain('the vault did not answer in time');
});

test('a block that ran out while the run was held lets nobody in before the tail is put back', async () => {
  const company = await lost({ unplanned: { pauseMs: 1, durationMs: 900_000, lossMs: 30_000 } });
  let unblocked = 0;
  const { replicaSet, tail } = company.world;
  const world = {
    ...company.world,
    replicaSet: {
      ...replicaSet,
      unblockWrites: async () => {
        unblocked += 1;
        await replicaSet.unblockWrites();
      },
    },
    tail: {
      ...tail,
      recover: async (...args: Parameters<typeof tail.recover>) => {
        expect(unblocked).toBe(0);
        return tail.recover(...args);
      },
    },
  };
  expect(await company.bench.execute(R1, { world })).toBe('done');
  expect(unblocked).toBe(1);
});

test('what is left is put right when it answers, once, and never over a later move', async () => {
  const company = await lost();
  await company.bench.execute(R1);
  const deps = {
    ...{ journal: company.bench.journal, locks: openLocks(company.store), leases: company.leases },
    ...{ clock: systemClock, worker: 'worker-9' },
  };
  expect(await sweepLeftovers(company.world, deps)).toEqual([]);
  company.find();
  const { journal } = company.bench;
  const run = await company.bench.record(R1);
  // Another move ended after it: its weights are nobody's wish any more.
  const later = { ...run, id: requestNumber(2), workflow: 'failback', endedAt: new Date(Date.now() + 60_000) };
  const before = await company.world.leftovers.get(R1);
  await journal.insert(later);
  expect(await sweepLeftovers(company.world, deps)).toEqual([]);
  expect((await company.world.leftovers.get(R1))?.value.state).toBe('overtaken');
  expect(company.dns.changes()).toBe(0);
  const stored = await journal.get(later.id);
  if (!stored || !before) throw new Error('gone');
  await journal.remove(stored);
  const now = await company.world.leftovers.get(R1);
  if (now) await company.world.leftovers.replace(now, before.value);
  // a planned move under way may be about to change the same; a rebuild is not
  const under = { ...run, id: requestNumber(3), workflow: 'failover', state: 'running' as const };
  await journal.insert(under);
  await deps.locks.insert({ id: 'failover', run: under.id });
  expect(await sweepLeftovers(company.world, deps)).toEqual([]);
  await changeRecord(journal, under.id, (record) => ({ ...record, workflow: 'rebuild' }));
  expect(await sweepLeftovers(company.world, deps)).toEqual([R1]);
  expect(await sweepLeftovers(company.world, deps)).toEqual([]);
  expect((await company.dns.weights()).map(({ weight }) => weight)).toEqual([0, 100]);
  expect(company.clusters.at(EAST).configuration['active-region']).toBe(WEST);
});

test('the steps are those that are approved', async () => {
  const { facts } = await possible(await lost());
  expect(unplannedWorkflow.steps.map(({ name }) => name)).toEqual(facts.steps);
});

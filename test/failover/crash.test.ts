import { expect, test } from 'vitest';
import { systemClock } from '#core';
import { previewFailback, previewFailover } from '#failover';
import { breakingAtCall, crash, dyingAt } from './dying-worker.ts';
import { memoryWorld } from './memory-world.ts';
import { requestNumber } from './run-move.ts';
import { EAST, WEST } from './settings.ts';

const R1 = requestNumber(1);
const R2 = requestNumber(2);
type Company = ReturnType<typeof memoryWorld>;

/** Counts what changes the world, by what changed; asking for what is so already is no effect. */
function counted(company: Company) {
  const effects: string[] = [];
  const { replicaSet } = company.world;
  const term = async () => (await replicaSet.appliedOn('west-1')).term;
  const world = {
    ...company.world,
    replicaSet: {
      ...replicaSet,
      stepUp: async (host: string, withinMs: number) => {
        const before = await term();
        await replicaSet.stepUp(host, withinMs);
        if ((await term()) !== before) effects.push(`elected ${host}`);
      },
    },
  };
  return { world, effects };
}

async function untilOver(company: Company, run: typeof R1, first: Parameters<Company['bench']['execute']>[1]) {
  let crashes = 0;
  let change = first;
  for (let workers = 0; workers < 5; workers += 1) {
    const state = await company.bench.execute(run, change).catch((error: unknown) => {
      if (error !== crash) throw error;
      crashes += 1;
      return undefined;
    });
    if (state && state !== 'busy') return { state, crashes };
    change = first?.world ? { world: first.world } : {};
  }
  return { state: undefined, crashes };
}

test('a worker killed at any journal write of a failover is followed by one that finishes, each effect once', async () => {
  let crashes = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= 18; at += 1) {
      const company = memoryWorld();
      const { world, effects } = counted(company);
      await company.bench.create(R1, await previewFailover(company.world, { to: WEST }, systemClock));
      const ended = await untilOver(company, R1, { world, journal: dyingAt(at, when) });
      const label = `killed ${when} write ${at}`;
      crashes += ended.crashes;
      expect(ended.state, label).toBe('done');
      expect(effects, label).toEqual(['elected west-1']);
      expect(company.dns.changes(), label).toBe(1);
      expect(company.clusters.changes, label).toEqual([
        'us-west-2 scale 3',
        'us-east-1 scale 2',
        'us-east-1 configure',
        'us-west-2 configure',
      ]);
      expect(company.receipts.size, label).toBe(1);
      expect(company.receipts.get(R1)?.pauses, label).toHaveLength(1);
      const done = company.bench.events.filter(({ kind }) => kind === 'step-done');
      expect(done, label).toHaveLength(8);
      company.replicaSet.write();
    }
  }
  expect(crashes).toBeGreaterThan(30);
}, 60_000);

test('a worker killed at any journal write of a failback is followed by one that finishes, each effect once', async () => {
  for (let at = 1; at <= 11; at += 1) {
    const company = memoryWorld();
    await company.bench.create(R1, await previewFailover(company.world, { to: WEST }, systemClock));
    await company.bench.execute(R1);
    await company.bench.create(R2, await previewFailback(company.world, { to: EAST }, systemClock));
    const { world, effects } = counted(company);
    const ended = await untilOver(company, R2, { world, journal: dyingAt(at, 'after') });
    expect(ended.state, `write ${at}`).toBe('done');
    expect(effects, `write ${at}`).toEqual(['elected east-1']);
    expect(company.dns.changes(), `write ${at}`).toBe(1 + 4);
    expect(company.receipts.get(R2)?.pauses, `write ${at}`).toHaveLength(1);
    company.replicaSet.write();
  }
}, 60_000);

/** Every call that changes the database, DNS or a cluster, in the order of a failover. */
const PORTS = {
  replicaSet: ['setRoles', 'endTransactions', 'blockWrites', 'stepUp', 'unblockWrites'],
  dns: ['setWeights'],
  clusters: ['scale', 'configure'],
  traffic: ['probe'],
} as const;

/** The same world, in which the n-th changing call kills the worker right after (or before) it had its effect. */
function dyingAtCall(company: Company, call: number, when: 'before' | 'after') {
  const worker = breakingAtCall(call, when === 'before' ? 'die before' : 'die after');
  const world = {
    ...company.world,
    replicaSet: worker.breaking(company.world.replicaSet, PORTS.replicaSet),
    dns: worker.breaking(company.world.dns, PORTS.dns),
    clusters: worker.breaking(company.world.clusters, PORTS.clusters),
    traffic: worker.breaking(company.world.traffic, PORTS.traffic),
  };
  return { world, journal: worker.journal, died: worker.broke };
}

test('a worker killed in the middle of any step, at any call that changes the world, is followed by one that finishes', async () => {
  let died = 0;
  for (const when of ['before', 'after'] as const) {
    for (let call = 1; call <= 18; call += 1) {
      const company = memoryWorld();
      await company.bench.create(R1, await previewFailover(company.world, { to: WEST }, systemClock));
      const broken = dyingAtCall(company, call, when);
      await company.bench.execute(R1, broken).catch((error: unknown) => expect(error).toBe(crash));
      died += broken.died() ? 1 : 0;
      const label = `killed ${when} call ${call}`;
      expect(await company.bench.execute(R1), label).toBe('done');
      expect(await company.replicaSet.primary(), label).toBe('west-1');
      const { members } = await company.replicaSet.look();
      expect(
        members.map(({ votes, blocked }) => [votes, blocked]),
        label,
      ).toEqual([
        [0, false],
        [0, false],
        [1, false],
      ]);
      expect(company.dns.changes(), label).toBe(1);
      expect(company.receipts.get(R1)?.pauses.length, label).toBe(1);
      company.replicaSet.write();
    }
  }
  expect(died).toBeGreaterThan(24);
}, 60_000);

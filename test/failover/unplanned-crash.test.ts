import { expect, test } from 'vitest';
import { type LostRegionWorld, unplannedWorkflow } from '#failover';
import { demandGoOn } from '#workflow';
import { breakingAtCall, crash, dyingAt, WAYS, type Way } from './dying-worker.ts';
import { lostWorld, possible } from './lost-world.ts';
import { requestNumber } from './run-move.ts';
import { unplannedBench } from './run-unplanned.ts';
import { EAST, WEST } from './settings.ts';

const R1 = requestNumber(1);

/** Every call that changes something, in the order of a run. */
const PORTS = {
  fence: ['prove', 'open'],
  tail: ['save', 'recover'],
  replicaSet: ['forceRoles', 'stepUp', 'blockWrites', 'unblockWrites'],
  dnsSwitch: ['undivert', 'divert'],
  clusters: ['scale', 'configure'],
  traffic: ['probe'],
  losses: ['count'],
} as const;

async function lost() {
  const company = lostWorld({ trafficMovedWithinMs: 200, forceWithinMs: 200, saveTailWithinMs: 20 });
  company.lose();
  const bench = unplannedBench(company.world, company.store, company.leases);
  await bench.create(R1, await possible(company));
  return { ...company, bench };
}
type Lost = Awaited<ReturnType<typeof lost>>;

/** It ended well, and each effect is there once: whatever happened on the way. */
async function expectEnded(company: Lost, label: string): Promise<void> {
  const { members } = await company.replicaSet.look();
  expect(
    members.map(({ votes, blocked }) => [votes, blocked]),
    label,
  ).toEqual([
    [0, undefined],
    [0, undefined],
    [1, false],
  ]);
  expect(await company.replicaSet.primary(), label).toBe('west-1');
  expect(company.replicaSet.forced(), label).toBe(1);
  expect([...company.hands.open], label).toEqual([WEST]);
  expect([...company.hands.diverted], label).toEqual([EAST]);
  expect([...company.hands.recovered], label).toEqual([R1]);
  expect(company.clusters.at(WEST), label).toMatchObject({ wanted: 3, configuration: { 'active-region': WEST } });
  expect(company.receipts.size, label).toBe(1);
  company.replicaSet.write();
}

test('a worker killed at any journal write is followed by one that finishes, each effect once', async () => {
  let crashes = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= 20; at += 1) {
      const company = await lost();
      const label = `killed ${when} write ${at}`;
      const first = await company.bench.execute(R1, { journal: dyingAt(at, when) }).catch((error: unknown) => {
        expect(error, label).toBe(crash);
        crashes += 1;
        return undefined;
      });
      if (first !== 'done') expect(await company.bench.execute(R1), label).toBe('done');
      await expectEnded(company, label);
    }
  }
  expect(crashes).toBeGreaterThan(30);
}, 60_000);

/** The workflow with so little time that a call nobody hears of ends within a test. */
const impatient = {
  ...unplannedWorkflow,
  steps: unplannedWorkflow.steps.map((step) => ({ ...step, timeoutMs: 150, retry: { times: 2, everyMs: 1 } })),
};

async function breakAt(call: number, way: Way) {
  const company = await lost();
  const { breaking, journal, broke } = breakingAtCall(call, way);
  const { fence, tail, replicaSet, dnsSwitch, clusters, traffic, losses } = company.world;
  const world: LostRegionWorld = {
    ...company.world,
    fence: breaking(fence, PORTS.fence),
    tail: breaking(tail, PORTS.tail),
    replicaSet: breaking(replicaSet, PORTS.replicaSet),
    dnsSwitch: breaking(dnsSwitch, PORTS.dnsSwitch),
    clusters: breaking(clusters, PORTS.clusters),
    traffic: breaking(traffic, PORTS.traffic),
    losses: breaking(losses, PORTS.losses),
  };
  const workflow = way.startsWith('hang') ? impatient : unplannedWorkflow;
  const state = await company.bench.execute(R1, { world, journal, workflow }).catch((error: unknown) => {
    expect(error).toBe(crash);
    return undefined;
  });
  return { company, state, broke: broke() };
}

/** Whether the call was reached. The run ended well in the end, or was put back. */
async function survives(call: number, way: Way): Promise<boolean> {
  const { company, state, broke } = await breakAt(call, way);
  const label = `${way}, call ${call}`;
  if (state !== 'done') {
    const run = await company.bench.record(R1);
    if (run.putBack) {
      expect([...company.hands.open], label).toEqual([EAST]);
      expect(company.replicaSet.forced(), label).toBe(0);
      return broke;
    }
    // Whoever is not put back has the old side closed for good: going on is the only way, and it works.
    if (run.state === 'failed') await demandGoOn(company.bench.journal, R1);
    expect(await company.bench.execute(R1), label).toBe('done');
  }
  await expectEnded(company, label);
  return broke;
}

test('any call that goes wrong once, in any way: the run ends well or is put back, and says which', async () => {
  // Side by side: each company is its own, and a call that hangs is waited for by the runner for two seconds.
  const calls = Array.from({ length: 17 }, (_, index) => index + 1);
  const all = WAYS.map((way) => Promise.all(calls.map((call) => survives(call, way))));
  for (const broke of await Promise.all(all)) expect(broke.filter(Boolean).length).toBeGreaterThan(14);
}, 60_000);

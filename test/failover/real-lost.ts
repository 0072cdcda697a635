import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { type Region, type RequestId, systemClock } from '#core';
import { type LostRegionWorld, previewUnplanned, type UnplannedReceipt } from '#failover';
import { until } from '#sandbox/servers';
import { Audit, ask } from '../sandbox/eld/company.ts';
import { type RealWorld, watchForTwoPrimaries } from './real-world.ts';
import { requestNumber } from './run-move.ts';
import { unplannedBench } from './run-unplanned.ts';
import { WEST } from './settings.ts';

/** The real company with what the loss of us-east-1 needs: the database is real, the fence is this test's own hand. */
function lostWorldOf(real: RealWorld) {
  const { world, store } = real;
  const receipts = new Map<RequestId, UnplannedReceipt>();
  const diverted = new Set<Region>();
  const lost: LostRegionWorld = {
    ...world,
    fence: {
      look: async (region) => ({
        ...{ region, standing: 'proved', waitMs: 0, silentMs: 60_000 },
        ...{ answering: [], reasons: [] },
      }),
      prove: async () => ({ by: 'members-stopped', hosts: ['east-1', 'east-2'] }),
      open: async () => undefined,
      close: async () => undefined,
    },
    dnsSwitch: {
      divert: async (from) => {
        diverted.add(from);
        await world.dns.setWeights([
          { region: from, weight: 0 },
          { region: WEST, weight: 100 },
        ]);
      },
      undivert: async (from) => void diverted.delete(from),
      diverted: async () => [...diverted],
    },
    tail: {
      look: async () => ({ reaches: undefined, reachesAt: undefined, entries: 0, refused: undefined }),
      save: async () => undefined,
      recover: async (_run, survivor) => ({ applied: 0, reaches: survivor, leftOut: 0 }),
    },
    losses: {
      count: async (_run, { since, until: end }) => {
        const ids: string[] = [];
        for await (const { id } of world.traffic.acknowledged(since, end)) ids.push(id);
        const there = await world.written.hashes(ids);
        const missing = ids.filter((id) => !there.has(id)).length;
        return { acknowledged: ids.length, missing, putBack: 0, spanMs: 0, complete: false };
      },
    },
    tellLoss: async (run, receipt) => void receipts.set(run, receipt),
  };
  return { lost, receipts, bench: unplannedBench(lost, store, real.leases) };
}

const auditAll = (real: RealWorld) => ask(`${real.company.eld.drivers.url}/audit`, Audit);

/** Members notice a frozen primary when heartbeats have failed for so long; 10 s by default. */
async function noticeSooner(real: RealWorld): Promise<void> {
  const client = new MongoClient(real.company.set.uri('root'));
  try {
    const admin = client.db('admin');
    const { config } = await admin.command({ replSetGetConfig: 1 });
    const settings = { ...config.settings, heartbeatTimeoutSecs: 1 };
    await admin.command({ replSetReconfig: { ...config, version: config.version + 1, settings } });
  } finally {
    await client.close();
  }
}

async function leaveEast(real: RealWorld, run: RequestId, kill: () => void) {
  const { lost, receipts, bench } = lostWorldOf(real);
  await real.flowing(20);
  const watch = watchForTwoPrimaries(real);
  kill();
  const preview = await until('it can be left', async () => {
    const found = await previewUnplanned(lost, { to: WEST }, systemClock);
    return 'facts' in found ? found : undefined;
  });
  await bench.create(run, preview);
  const startedMs = systemClock.monotonicMs();
  let openMs = Number.POSITIVE_INFINITY;
  const timed: LostRegionWorld = {
    ...lost,
    replicaSet: {
      ...lost.replicaSet,
      unblockWrites: async () => {
        await lost.replicaSet.unblockWrites();
        openMs = systemClock.monotonicMs() - startedMs;
      },
    },
  };
  const state = await bench.execute(run, { world: timed });
  expect(state, JSON.stringify((await bench.record(run)).failure)).toBe('done');
  expect((await watch.end()).twice).toEqual([]);
  expect(openMs).toBeLessThan(5_000);
  return { receipt: receipts.get(run), openMs };
}

/** The loss of us-east-1 on real servers under load; it stays lost. A killed one: test/e2e/scenarios/region-lost.ts. */
export function lostRegionTests(open: () => RealWorld): void {
  test('a frozen us-east-1 is left within seconds, without two primaries, and nothing is lost that was acknowledged', async () => {
    const real = open();
    await noticeSooner(real);
    const east = ['east-1', 'east-2'].map((name) => real.company.set.member(name));
    const { receipt } = await leaveEast(real, requestNumber(11), () => east.map((member) => member.kill('SIGSTOP')));
    await real.flowing(20);
    const { missing } = await auditAll(real);
    expect(receipt?.counted.loss.missing).toBe(missing);
    const { members } = await real.world.replicaSet.look();
    expect(members.map(({ votes }) => votes)).toEqual([0, 0, 1]);
  }, 90_000);
}

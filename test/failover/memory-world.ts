import {
  memoryClusters,
  memoryControlStore,
  memoryDns,
  memoryLeases,
  memoryRegionLeases,
  memoryReplicaSet,
  memoryTraffic,
} from '#adapters/memory';
import { type RequestId, systemClock } from '#core';
import {
  type FailoverSettings,
  type FailoverWorld,
  type MoveReceipt,
  openGivenUpRegions,
  openLeftovers,
  openWriteBlocks,
} from '#failover';
import { createFence } from '#fence';
import { moveBench } from './run-move.ts';
import { EAST, testSettings, WEST } from './settings.ts';

/** A whole company in this process, in its normal state: us-east-1 serves, us-west-2 follows. */
export function memoryWorld(change: Partial<FailoverSettings> = {}) {
  const store = memoryControlStore(systemClock);
  const leases = memoryLeases(systemClock);
  const replicaSet = memoryReplicaSet([
    { host: 'east-1', region: EAST, priority: 2 },
    { host: 'east-2', region: EAST, priority: 2 },
    { host: 'west-1', region: WEST, priority: 1 },
  ]);
  const dns = memoryDns(
    [
      { region: EAST, weight: 100 },
      { region: WEST, weight: 0 },
    ],
    0.01,
  );
  const configuration = { 'active-region': EAST, 'files-bucket': 'eld-files-us-east-1', other: 'stays' };
  const clusters = memoryClusters(
    new Map([
      [EAST, { wanted: 3, room: 5, configuration }],
      [WEST, { wanted: 2, room: 5, configuration }],
    ]),
  );
  const traffic = memoryTraffic(dns, systemClock);
  const regionLeases = memoryRegionLeases(6_000);
  void regionLeases.open(EAST, undefined);
  const regions = [EAST, WEST];
  const receipts = new Map<RequestId, MoveReceipt>();
  const world: FailoverWorld = {
    settings: testSettings(change),
    replicaSet,
    written: traffic,
    dns,
    clusters,
    traffic,
    writeBlocks: openWriteBlocks(store),
    store,
    leases,
    fence: createFence({ leases: regionLeases, regions, marginMs: 2_000, clock: systemClock }),
    givenUp: openGivenUpRegions(store),
    leftovers: openLeftovers(store),
    newestVerifiedBackup: async () => ({ id: 'B-1123-0800', at: new Date('2026-11-23T08:00:00Z') }),
    proveKeys: async () => undefined,
    tellStakeholders: async (run, receipt) => {
      if (!receipts.has(run)) receipts.set(run, receipt);
    },
  };
  for (let n = 0; n < 30; n += 1) traffic.drive();
  return {
    world,
    store,
    leases,
    regionLeases,
    replicaSet,
    dns,
    clusters,
    traffic,
    receipts,
    bench: moveBench(world, store, leases),
  };
}

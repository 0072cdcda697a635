import { memoryClusters, memoryReplicaSet, memoryTraffic } from '#adapters/memory';
import { Region, systemClock } from '#core';
import { clustersContract } from '../../contract/clusters.contract.ts';
import { replicaSetContract } from '../../contract/replica-set.contract.ts';
import { writtenRecordsContract } from '../../contract/written-records.contract.ts';

const EAST = Region.parse('us-east-1');

clustersContract('memory', async () => ({
  clusters: memoryClusters(
    new Map([[EAST, { wanted: 2, room: 3, configuration: { 'active-region': EAST, other: 'stays' } }]]),
  ),
  close: async () => undefined,
}));

writtenRecordsContract('memory', async () => {
  const traffic = memoryTraffic({ weights: async () => [] }, systemClock);
  return {
    records: traffic,
    write: async (id) => traffic.drive(id),
    change: async (id) => traffic.edit(id, 'change'),
    remove: async (id) => traffic.edit(id, 'delete'),
    close: async () => undefined,
  };
});

replicaSetContract('memory', async () => {
  const WEST = Region.parse('us-west-2');
  const set = memoryReplicaSet([
    { host: 'east-1', region: EAST, priority: 3 },
    { host: 'east-2', region: EAST, priority: 2 },
    { host: 'west-1', region: WEST, priority: 1 },
  ]);
  return {
    set,
    hosts: ['east-1', 'east-2', 'west-1'],
    write: async () => set.write(),
    setUp: async (host, up) => set.setUp(host, up),
    close: async () => undefined,
  };
});

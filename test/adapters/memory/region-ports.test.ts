import { memoryClusters, memoryTraffic } from '#adapters/memory';
import { Region, systemClock } from '#core';
import { clustersContract } from '../../contract/clusters.contract.ts';
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

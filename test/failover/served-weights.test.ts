import { expect, test } from 'vitest';
import { DrError, type Region } from '#core';
import { servedWeights } from '#failover';
import { EAST, EU, testSettings, WEST } from './settings.ts';

const weights = (east: number, west: number) => [
  { region: EAST, weight: east },
  { region: WEST, weight: west },
];
const gone = new DrError('DNS_UNAVAILABLE', 'transient', 'Route 53 does not answer.');

function worldOf(known: ReturnType<typeof weights> | DrError, away: readonly Region[] | DrError, coldServes?: Region) {
  const asked = async <T>(answer: T | DrError): Promise<T> => {
    if (answer instanceof DrError) throw answer;
    return answer;
  };
  const never = async () => expect.unreachable('nothing is changed by looking');
  const dns = { weights: () => asked(known), setWeights: never, isInSync: never, ttlSeconds: async () => 60 };
  const dnsSwitch = { divert: never, undivert: never, diverted: () => asked(away) };
  return { settings: testSettings(coldServes ? { coldServes } : {}), dns, dnsSwitch };
}

test('users are where the weights say', async () => {
  expect(await servedWeights(worldOf(weights(100, 0), []))).toEqual(weights(100, 0));
  expect(await servedWeights(worldOf(weights(75, 25), []))).toEqual(weights(75, 25));
});

test('a region that health checks turn users away from serves nobody, and where no weight is left the rest does', async () => {
  expect(await servedWeights(worldOf(weights(75, 25), [EAST]))).toEqual(weights(0, 25));
  const sorted = [...(await servedWeights(worldOf(weights(100, 0), [EAST])))].sort((a, b) => a.weight - b.weight);
  expect(sorted).toEqual(weights(0, 100));
});

test('without the control API the switch says where users are, where that leaves one region', async () => {
  expect(await servedWeights(worldOf(gone, [EAST]))).toContainEqual({ region: WEST, weight: 100 });
  await expect(servedWeights(worldOf(gone, []))).rejects.toBe(gone);
  await expect(servedWeights(worldOf(gone, gone))).rejects.toBe(gone);
});

test('a switch that does not answer turns nobody away', async () => {
  expect(await servedWeights(worldOf(weights(100, 0), gone))).toEqual(weights(100, 0));
});

test('turned away from all that usually serve, or since a cold region was built, users are there, whatever the weights are still', async () => {
  const there = { region: EU, weight: 100 };
  expect(await servedWeights(worldOf(weights(100, 0), [EAST, WEST]))).toContainEqual(there);
  expect(await servedWeights(worldOf(gone, [EAST, WEST]))).toContainEqual(there);
  // the switch of one lies in a bucket that is lost too
  for (const known of [gone, weights(100, 0)]) {
    expect(await servedWeights(worldOf(known, [WEST], EU))).toEqual([there, ...weights(0, 0)]);
  }
});

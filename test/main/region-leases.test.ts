import { expect, test } from 'vitest';
import { memoryControlStore, memoryRegionLeases, memoryReplicaSet } from '#adapters/memory';
import { Region, RequestId, systemClock } from '#core';
import { type Report, writeReport } from '#detection';
import { answeringTo } from '../../src/main/answering-to.ts';
import { waitsForItsTurn } from '../../src/main/open-fence.ts';
import { openFirstLease } from '../../src/main/region-leases.ts';
import { eldPlan } from '../support/eld-plan.ts';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
const EU = Region.parse('eu-west-1');
const R1 = RequestId.parse('R-1');
const members = () =>
  memoryReplicaSet([
    { host: 'east-1', region: EAST, priority: 2 },
    { host: 'east-2', region: EAST, priority: 2 },
    { host: 'west-1', region: WEST, priority: 1 },
  ]);

test('the first lease is opened where the primary is, and never while a region was opened or closed before', async () => {
  const leases = memoryRegionLeases(6_000);
  const set = members();
  set.setUp('east-1', false);
  set.setUp('east-2', false);
  expect(await openFirstLease(leases, [EAST, WEST], set)).toBe(false);
  expect(await leases.read(EAST)).toBeUndefined();
  set.setUp('east-1', true);
  set.setUp('east-2', true);
  expect(await openFirstLease(leases, [EAST, WEST], set)).toBe(true);
  expect(await leases.read(EAST)).toMatchObject({ state: 'open', run: undefined });
  await leases.close(EAST, R1);
  expect(await openFirstLease(leases, [EAST, WEST], set)).toBe(true);
  expect(await leases.read(EAST)).toMatchObject({ state: 'closed' });
  expect(await leases.read(WEST)).toBeUndefined();
});

test('a region waits for its turn only while another may write', async () => {
  const leases = memoryRegionLeases(6_000);
  const waits = (region: Region) => waitsForItsTurn(leases, [EAST, WEST], region);
  expect([await waits(EAST), await waits(WEST)]).toEqual([false, false]);
  await leases.open(EAST, undefined);
  expect([await waits(EAST), await waits(WEST)]).toEqual([false, true]);
  await leases.close(EAST, R1);
  expect([await waits(EAST), await waits(WEST)]).toEqual([false, false]);
});

test('who still answers is told for this region by asking, and for others by what their detectors saw last', async () => {
  const store = memoryControlStore(systemClock);
  const plan = eldPlan;
  const set = members();
  set.setUp('east-1', false);
  const report = async (id: Region, agoMs: number, works: boolean, lost: string[]): Promise<void> => {
    const at = new Date(Date.now() - agoMs);
    const stand = (name: string, last: Report['stands'][number]['last']): Report['stands'][number] => ({
      ...{ key: name, name, check: 'database_connectivity', region: EAST, subject: 'database', speaksFor: 'check' },
      ...{ last, lastAt: at, ms: 1, verdict: 'well', failures: 0, wells: 1, unknowns: 0, since: at },
    });
    const words = [lost.map((host) => `${host} does not answer`).join(', ')];
    const failed = { state: 'failed' as const, what: 'lost', words, hostile: false, numbers: {} };
    const well = { state: 'well' as const, words: [], numbers: {} };
    const stands = [stand('members', works ? well : failed), stand('redundancy', lost.length > 0 ? failed : well)];
    await writeReport(store, { id, detector: 'd', at, rounds: 1, roundMs: 1, stands });
  };
  await report(EU, 1_000, true, ['east-1']);
  await report(EAST, 24 * 3_600_000, true, []);
  const parts = { plan, replicaSet: set, store, region: WEST };
  expect(await answeringTo(EAST, parts)).toEqual([
    { host: 'east-2', to: WEST },
    { host: 'east-2', to: EU },
  ]);
  await report(EU, 1_000, false, ['east-1', 'east-2']);
  expect(await answeringTo(EAST, parts)).toEqual([{ host: 'east-2', to: WEST }]);
});

import { expect, test } from 'vitest';
import { Region } from '#core';
import type { RegionLease } from '#ports';
import { watchRenewals } from '../../src/fence/watch-renewals.ts';

const EAST = Region.parse('us-east-1');
const lease = (renewals: number): RegionLease => ({
  ...{ region: EAST, state: 'open', fence: 1, renewals, ttlMs: 6_000, instances: ['pod-1'], run: undefined },
});

test('silence is counted from the first answer that had the number, and only for that number', () => {
  const watch = watchRenewals();
  expect(watch.silentMs(EAST, 7, 1_000)).toBe(0);
  watch.saw(lease(7), 1_000);
  watch.saw(lease(7), 4_000);
  expect(watch.silentMs(EAST, 7, 5_000)).toBe(4_000);
  expect(watch.silentMs(EAST, 8, 5_000)).toBe(0);
  watch.saw(lease(8), 6_000);
  expect(watch.silentMs(EAST, 8, 6_500)).toBe(500);
  expect(watch.silentMs(EAST, 7, 6_500)).toBe(0);
});

test('an answer that was overtaken does not bring an older silence back', () => {
  const watch = watchRenewals();
  watch.saw(lease(8), 1_000);
  watch.saw(lease(7), 2_000);
  expect(watch.silentMs(EAST, 8, 9_000)).toBe(8_000);
  expect(watch.silentMs(EAST, 7, 9_000)).toBe(0);
});

import { expect, test } from 'vitest';
import { memoryRegionLeases } from '#adapters/memory';
import { type Clock, Region, RequestId, systemClock } from '#core';
import { lookAtLeases } from '../../src/terminal/doctor/lease-checks.ts';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');

test('dr doctor says who renews where, and what is wrong when nobody does', async () => {
  const leases = memoryRegionLeases(6_000);
  let renews = false;
  let nowMs = 0;
  const clock: Clock = {
    ...systemClock,
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
      if (renews) await leases.renew(EAST, 'pod-1');
    },
  };
  const look = () => lookAtLeases(leases, [EAST, WEST], clock);
  await expect(look()).rejects.toMatchObject({ hint: 'Start a detector: it opens the first one.' });
  await leases.open(EAST, undefined);
  await leases.close(WEST, RequestId.parse('R-1'));
  await expect(look()).rejects.toThrow('Nobody in us-east-1 renews its lease, so no instance there may write.');
  renews = true;
  expect(await look()).toBe('us-east-1 open, renewed by 1 instance; us-west-2 closed');
  await leases.close(EAST, RequestId.parse('R-2'));
  await expect(look()).rejects.toThrow('No region has an open lease: no instance may write.');
});

import { expect, test } from 'vitest';
import { createSettableClock, memoryLeases } from '#adapters/memory';
import { systemClock } from '#core';
import { holdLease, LEASE_TTL_MS } from '#workflow';

const start = new Date('2026-11-23T08:00:00Z');

test('a lease is kept for as long as its holder lives, and free at once when it is released', async () => {
  const clock = createSettableClock(start);
  const leases = memoryLeases(clock);
  const held = await holdLease(leases, 'run/R-1', 'worker-1', clock);
  await clock.advance(LEASE_TTL_MS * 5);
  expect(held?.signal.aborted).toBe(false);
  expect(await holdLease(leases, 'run/R-1', 'worker-2', clock)).toBeUndefined();
  await held?.release();
  expect(await holdLease(leases, 'run/R-1', 'worker-2', clock)).toBeDefined();
});

test('a holder that can not reach the store gives up before its successor may start', async () => {
  const clock = createSettableClock(start);
  const leases = memoryLeases(clock);
  const unreachable = { ...leases, renew: () => Promise.reject(new Error('no answer')) };
  const held = await holdLease(unreachable, 'run/R-1', 'worker-1', clock);
  while (!held?.signal.aborted) {
    expect(await leases.acquire('run/R-1', 'worker-2', 1), 'the successor started first').toBeUndefined();
    await clock.advance(LEASE_TTL_MS / 16);
    // The watchdog is a real timer on the monotonic clock: give it its turn.
    await systemClock.sleep(LEASE_TTL_MS / 64);
  }
  await held.release();
});

test('a token grows with each holder, so that a late writer can be told from the present one', async () => {
  const clock = createSettableClock(start);
  const leases = memoryLeases(clock);
  const first = await holdLease(leases, 'run/R-1', 'worker-1', clock);
  await first?.release();
  const second = await holdLease(leases, 'run/R-1', 'worker-2', clock);
  expect(second?.token).toBeGreaterThan(first?.token ?? Number.POSITIVE_INFINITY);
  await second?.release();
});

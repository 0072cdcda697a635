import { expect, test } from 'vitest';
import { createSettableClock, memoryControlStore, memoryLeases, memoryReplicaSet } from '#adapters/memory';
import { liftStaleBlocks, openWriteBlocks } from '#failover';
import { holdWrites, liftWrites } from '../../src/failover/write-block.ts';
import { requestNumber } from './run-move.ts';
import { EAST, WEST } from './settings.ts';

const R1 = requestNumber(1);

function bench() {
  const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));
  const store = memoryControlStore(clock);
  const replicaSet = memoryReplicaSet([
    { host: 'east-1', region: EAST, priority: 2 },
    { host: 'east-2', region: EAST, priority: 2 },
    { host: 'west-1', region: WEST, priority: 1 },
  ]);
  const world = { replicaSet, writeBlocks: openWriteBlocks(store), store, leases: memoryLeases(clock) };
  const blocked = async () => (await replicaSet.look()).members.some((member) => member.blocked);
  return { clock, world, replicaSet, blocked };
}

const bounds = { pauseMs: 10_000, withinMs: 3_000 };

test('a block whose run nobody carries is lifted after its deadline, not before', async () => {
  const { clock, world, replicaSet, blocked } = bench();
  await holdWrites(world, R1, bounds);
  await clock.advance(9_900);
  expect(await liftStaleBlocks(world, 'worker-2')).toEqual([]);
  expect(await blocked()).toBe(true);
  await clock.advance(200);
  expect(await liftStaleBlocks(world, 'worker-2')).toEqual([R1]);
  replicaSet.write();
  expect(await liftStaleBlocks(world, 'worker-2')).toEqual([]);
});

test('a block whose run is carried is left to its worker, however late it is', async () => {
  const { clock, world, blocked } = bench();
  await holdWrites(world, R1, bounds);
  await clock.advance(60_000);
  const lease = await world.leases.acquire(`run/${R1}`, 'worker-1', 6_000);
  expect(await liftStaleBlocks(world, 'worker-2')).toEqual([]);
  expect(await blocked()).toBe(true);
  if (lease) await world.leases.release(lease);
  expect(await liftStaleBlocks(world, 'worker-2')).toEqual([R1]);
});

test('a frozen worker that wakes up after the lifting does not hold its lease any more', async () => {
  const { clock, world } = bench();
  const lease = await world.leases.acquire(`run/${R1}`, 'worker-1', 6_000);
  await holdWrites(world, R1, bounds);
  await clock.advance(10_100);
  await liftStaleBlocks(world, 'worker-2');
  expect(lease && (await world.leases.renew(lease, 6_000))).toBeUndefined();
});

test('a block that nobody wrote down is not ours to lift, and stops a run from beginning its own', async () => {
  const { clock, world, replicaSet, blocked } = bench();
  await replicaSet.blockWrites(1);
  await clock.advance(3_600_000);
  expect(await liftStaleBlocks(world, 'worker-2')).toEqual([]);
  expect(await blocked()).toBe(true);
  await expect(holdWrites(world, R1, bounds)).rejects.toMatchObject({ code: 'WRONG_STATE', kind: 'permanent' });
});

test('a successor goes on with a pause that has time left, and gives writers room before it begins another', async () => {
  const { clock, world } = bench();
  const first = await holdWrites(world, R1, bounds);
  await clock.advance(4_000);
  const second = await holdWrites(world, R1, bounds);
  expect(second).toEqual({ from: first.from, leftMs: 6_000 });
  await clock.advance(7_000);
  const third = await holdWrites(world, R1, bounds);
  expect(third.leftMs).toBe(10_000);
  await clock.advance(1_000);
  expect((await liftWrites(world, R1)).map(({ ms }) => ms)).toEqual([11_000, 1_000]);
});

test('a block that can not be had leaves writes open', async () => {
  const { world, replicaSet, blocked } = bench();
  const failing = {
    ...world,
    replicaSet: {
      ...replicaSet,
      blockWrites: async () => {
        await replicaSet.blockWrites(1);
        throw new Error('answer lost');
      },
    },
  };
  await expect(holdWrites(failing, R1, bounds)).rejects.toThrow('answer lost');
  expect(await blocked()).toBe(false);
});

import { expect, test } from 'vitest';
import { memoryLeases } from '#adapters/memory';
import { takeLease } from '#capture';
import { DrError, systemClock } from '#core';
import type { OplogTime } from '#ports';
import { listTimelines, rangeKey } from '#vault';
import { memoryVault } from '../support/memory-vault.ts';

const second = (seconds: number): OplogTime => ({ seconds, increment: 1 });

/** A vault in which capture stands at second 20, written under the seventh lease; and leases that begin anew. */
async function lostStore() {
  const { vault, stores } = memoryVault();
  const write = async (from: number, through: number, token: number): Promise<void> => {
    const key = rangeKey({ timeline: 1, from: second(from), through: second(through), token });
    for (const store of stores) await store.put(key, Buffer.from('x'), { lock: 'none', ifAbsent: true });
  };
  await write(0, 10, 3);
  await write(10, 20, 7);
  const leases = memoryLeases(systemClock);
  const reaches = async () => (await listTimelines(vault)).timelines.at(-1)?.through.seconds;
  return { vault, stores, leases, write, reaches };
}

test('after the control store was lost, what is captured goes on under a lease that counts', async () => {
  const { vault, leases, write, reaches } = await lostStore();
  // why it matters: under the first lease of a new store it would lead nowhere
  await write(20, 30, 1);
  expect(await reaches()).toBe(20);

  const lease = await takeLease({ leases, vault, holder: 'capture-1' }, 'capture', 7_000);
  expect(lease?.token).toBe(8);
  await write(20, 40, lease?.token ?? 0);
  expect(await reaches()).toBe(40);
  expect(await takeLease({ leases, vault, holder: 'capture-2' }, 'capture', 7_000)).toBeUndefined();
});

test('where nothing was captured the next one is taken as it is', async () => {
  const { vault } = memoryVault();
  const leases = memoryLeases(systemClock);
  expect((await takeLease({ leases, vault, holder: 'capture-1' }, 'capture', 7_000))?.token).toBe(1);
});

test('while no bucket says which leases there were, none is kept', async () => {
  const { vault, stores, leases } = await lostStore();
  const dead = new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The region does not answer.');
  for (const store of stores) store.failWith(dead);
  const taking = () => takeLease({ leases, vault, holder: 'capture-1' }, 'capture', 7_000);
  await expect(taking()).rejects.toBe(dead);
  for (const store of stores) store.failWith(undefined);
  expect((await taking())?.token).toBe(8);
});

import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DrError } from '#core';
import type { ObjectStore } from '#ports';
import { createDataKey, inlineSealer, openSegmentSink } from '#vault';
import { memoryVault, nextBackupId } from '../support/memory-vault.ts';

const BUFFERS = 3;
const UPLOADS = 3;

/** A sink whose home bucket keeps every upload waiting until it is let through. */
async function slowSink(before: () => Promise<void> = async () => undefined) {
  const { vault } = memoryVault();
  const [home, ...others] = vault.stores;
  const held: (() => void)[] = [];
  let arriving = 0;
  const put: ObjectStore['put'] = async (...upload) => {
    arriving += 1;
    await before();
    await new Promise<void>((resolve) => held.push(resolve));
    return home.put(...upload);
  };
  const place = { year: 2026, backup: nextBackupId() };
  const lock = { mode: 'governance', until: new Date(Date.now() + 86_400_000) } as const;
  const sink = openSegmentSink({
    vault: { ...vault, stores: [{ ...home, put }, ...others] },
    place,
    attempt: 'a0',
    key: await createDataKey(vault, place, 'a0', lock),
    lock,
    sealer: inlineSealer(),
    buffers: BUFFERS,
  });
  return { sink, held, arrived: () => arriving };
}

/** Everything that can happen without the store has happened. */
async function settle(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await turn();
}

test('a store that does not answer stops the reader: so many buffers and uploads, and no more, are held', async () => {
  const { sink, held, arrived } = await slowSink();
  let written = 0;
  const reader = (async () => {
    for (; written < 20; written += 1) sink.writeDocuments(await sink.take(), 0);
  })();
  await settle();
  expect(written).toBe(BUFFERS + UPLOADS);
  expect(arrived()).toBe(UPLOADS);

  held.shift()?.();
  await settle();
  expect(written).toBe(BUFFERS + UPLOADS + 1);
  expect(arrived()).toBe(UPLOADS + 1);

  for (let n = 0; n < 200 && written < 20; n += 1) {
    held.shift()?.();
    await settle();
  }
  await reader;
  const done = sink.finish();
  for (let n = 0; n < 20; n += 1) {
    held.shift()?.();
    await settle();
  }
  expect((await done).segments).toHaveLength(20);
});

test('an upload that fails ends the reading with its error', async () => {
  const refusal = new DrError('OBJECT_STORE_REFUSED', 'permanent', 'AccessDenied');
  const { sink } = await slowSink(() => Promise.reject(refusal));
  sink.writeDocuments(await sink.take(), 0);
  await settle();
  await expect(sink.take()).rejects.toBe(refusal);
  await expect(sink.finish()).rejects.toBe(refusal);
});

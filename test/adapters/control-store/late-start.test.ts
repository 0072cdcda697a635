import { expect, test } from 'vitest';
import { openControlStore } from '#adapters/control-store';
import { freePort, startMongod } from '#sandbox/servers';

test('a process that started while the store was down hears it once it is up', async () => {
  const port = await freePort();
  const { store, close } = openControlStore({
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    deadlineMs: 8000,
  });
  try {
    await expect(store.nextNumber('requests')).rejects.toThrow('The control store does not answer.');
    const mongod = await startMongod({ port });
    try {
      expect(await store.nextNumber('requests')).toBe(1);
    } finally {
      await mongod.stop();
    }
  } finally {
    await close();
  }
}, 60_000);

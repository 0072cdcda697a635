import { expect, test } from 'vitest';
import { freePort, startMongod } from '#sandbox/servers';
import { openMembers } from '../../../src/adapters/mongodb/replica-set-members.ts';

test('a member that was down when it was first asked is heard once it is back', async () => {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const members = openMembers(`mongodb://${host}/?replicaSet=late`, 'test');
  const ask = () => members.ask(host, { hello: 1 }, 'say hello', 3000);
  try {
    await expect(ask()).rejects.toThrow();
    const mongod = await startMongod({ port });
    try {
      expect(await ask()).toMatchObject({ ok: 1 });
    } finally {
      await mongod.stop();
    }
  } finally {
    await members.close();
  }
}, 60_000);

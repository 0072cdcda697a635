import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ControlConnection, openControlStore } from '#adapters/control-store';
import { systemClock } from '#core';
import { historyContract } from '../../contract/history.contract.ts';
import { leasesContract } from '../../contract/leases.contract.ts';
import { recordsContract } from '../../contract/records.contract.ts';
import { ownName, sharedMongoUri } from '../../support/servers.ts';

const open = async (): Promise<ControlConnection> =>
  openControlStore({ uri: await sharedMongoUri(), database: ownName('control') });

describe('the control store on MongoDB', () => {
  recordsContract(open);
  leasesContract(async () => {
    const { leases, close } = await open();
    return { leases, close, pass: (ms) => systemClock.sleep(ms) };
  });

  historyContract(async () => {
    const { history, close } = await open();
    return { history, close, now: new Date() };
  });

  describe('when it cannot be reached', () => {
    let connection: ControlConnection;
    beforeAll(() => {
      connection = openControlStore({ uri: 'mongodb://127.0.0.1:1/?replicaSet=control', deadlineMs: 1500 });
    });
    afterAll(() => connection.close());

    it('says so within the deadline, as something to try again', async () => {
      const startedAt = performance.now();
      const notes = connection.store.records('notes', z.object({ id: z.string() }));
      await expect(notes.insert({ id: 'a' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', kind: 'transient' });
      expect(performance.now() - startedAt).toBeLessThan(2000);
    });

    it('says so at once after it was closed', async () => {
      await connection.close();
      await expect(connection.store.now()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    });
  });

  it('refuses an address that cannot be one', () => {
    expect(() => openControlStore({ uri: 'http://example' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('calls missing rights permanent: trying again would not help', async () => {
    const uri = (await sharedMongoUri()).replace(/:[^:@]*@/, ':wrong@');
    const connection = openControlStore({ uri, database: 'any' });
    await expect(connection.store.nextNumber('a')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      kind: 'permanent',
    });
    await connection.close();
  });
});

import { MongoClient } from 'mongodb';
import type { DiskRoom } from '#ports';
import { createDiskLook } from './disk-room.ts';
import { engineError } from './engine-errors.ts';

/**
 * How much room is left on the members' disks, the least first. The user needs `dbStats` on one of the databases. Ends
 * within seconds. Throws DATABASE_UNAVAILABLE (transient) or DATABASE_REFUSED (permanent).
 */
export function openMemberDisks(options: { readonly uri: string; readonly databases: readonly string[] }): {
  room(): Promise<readonly DiskRoom[]>;
  close(): Promise<void>;
} {
  const client = new MongoClient(options.uri, {
    appName: 'holdfast-detector',
    connectTimeoutMS: 2_000,
    serverSelectionTimeoutMS: 3_000,
    socketTimeoutMS: 5_000,
    readPreference: 'primaryPreferred',
    maxPoolSize: 1,
  });
  const disks = createDiskLook(options.uri, client);
  return {
    room: async () => {
      try {
        // connects anew where the first try of all failed: such a client has closed itself
        await client.connect();
        return await disks.room(options.databases);
      } catch (thrown) {
        throw engineError(thrown, 'The replica set', 'say how much room is left');
      }
    },
    close: async () => {
      await Promise.all([client.close(), disks.close()]);
    },
  };
}

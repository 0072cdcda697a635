import { MongoClient, type MongoClientOptions } from 'mongodb';
import { z } from 'zod';
import type { DiskRoom } from '#ports';
import { serverCode } from './engine-errors.ts';
import { memberUri } from './one-member.ts';

const CONNECTION: MongoClientOptions = {
  appName: 'holdfast-restore',
  connectTimeoutMS: 2000,
  serverSelectionTimeoutMS: 3000,
  socketTimeoutMS: 10_000,
  maxPoolSize: 1,
};

const Hello = z.object({ hosts: z.array(z.string()).default([]) });
/** Zeros where the database does not exist. */
const Stats = z.object({ fsTotalSize: z.coerce.number(), fsUsedSize: z.coerce.number() });

const UNAUTHORIZED = 13;

/** Another database may be one that may be asked about. */
function whereAllowed(thrown: unknown): undefined {
  if (serverCode(thrown) !== UNAUTHORIZED) throw thrown;
}

/** Looks at the disks of a replica set, each member's by a connection of its own that stays open. */
export function createDiskLook(uri: string, client: MongoClient) {
  const members = new Map<string, MongoClient>();
  const roomAt = async (host: string, databases: readonly string[]): Promise<DiskRoom[]> => {
    const member = members.get(host) ?? new MongoClient(memberUri(uri, host), CONNECTION);
    members.set(host, member);
    for (const database of databases) {
      const answer = await member.db(database).command({ dbStats: 1, freeStorage: 0 }).catch(whereAllowed);
      const stats = Stats.safeParse(answer);
      if (!stats.success || stats.data.fsTotalSize === 0) continue;
      const { fsTotalSize, fsUsedSize } = stats.data;
      return [{ member: host, freeBytes: Math.max(0, fsTotalSize - fsUsedSize), totalBytes: fsTotalSize }];
    }
    return [];
  };
  return {
    /** The room on every member that says so, the least first. Throws what the driver throws for the set itself. */
    room: async (databases: readonly string[]): Promise<DiskRoom[]> => {
      const { hosts } = Hello.parse(await client.db('admin').command({ hello: 1 }));
      // one that does not answer takes no writes either
      const rooms = await Promise.all(hosts.map((host) => roomAt(host, databases).catch(() => [])));
      return rooms.flat().sort((a, b) => a.freeBytes - b.freeBytes);
    },
    close: async (): Promise<void> => {
      await Promise.all([...members.values()].map((member) => member.close()));
    },
  };
}

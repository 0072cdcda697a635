import { MongoClient, type MongoClientOptions } from 'mongodb';
import { z } from 'zod';
import { asDrError, DrError } from '#core';
import type { OplogRoom, OplogRoomOf } from '#ports';
import { engineError } from './engine-errors.ts';
import { memberUri } from './one-member.ts';
import { oplogTimeOf } from './timestamps.ts';

const CONNECTION: MongoClientOptions = {
  appName: 'holdfast-watch',
  connectTimeoutMS: 2_000,
  serverSelectionTimeoutMS: 3_000,
  socketTimeoutMS: 8_000,
  maxPoolSize: 1,
};

const Hello = z.object({ hosts: z.array(z.string()).default([]) });
const Stats = z.object({ size: z.coerce.number(), maxSize: z.coerce.number() });

/**
 * Looks at each member's oplog by a connection of its own, which ends with the look: it is one in a minute. The user needs
 * `find` and `collStats` on local.oplog.rs.
 */
export function openOplogRoom({ uri }: { readonly uri: string }): OplogRoom {
  return {
    look: async () => {
      const hosts = await hostsOf(uri);
      const looks = await Promise.allSettled(hosts.map((host) => lookAt(uri, host)));
      const found = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
      if (found.length > 0) return found;
      const failed = looks.find((look) => look.status === 'rejected');
      if (failed) throw asDrError(failed.reason);
      throw new DrError('DATABASE_UNAVAILABLE', 'transient', 'The replica set names no member.');
    },
  };
}

const hostsOf = (uri: string): Promise<string[]> =>
  withClient(uri, 'The replica set', async (client) => {
    const hello = await client.db('admin').command({ hello: 1 }, { readPreference: 'primaryPreferred' });
    return Hello.parse(hello).hosts;
  });

const lookAt = (uri: string, host: string): Promise<OplogRoomOf> =>
  withClient(memberUri(uri, host), host, async (client) => {
    const local = client.db('local');
    const oplog = local.collection('oplog.rs');
    const edge = async (order: 1 | -1) =>
      oplogTimeOf((await oplog.findOne({}, { projection: { ts: 1 }, sort: { $natural: order } }))?.['ts']);
    const { size, maxSize } = Stats.parse(await local.command({ collStats: 'oplog.rs' }));
    return { member: host, first: await edge(1), last: await edge(-1), bytes: size, maxBytes: maxSize };
  });

async function withClient<T>(uri: string, host: string, look: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, CONNECTION);
  try {
    return await look(client);
  } catch (thrown) {
    throw engineError(thrown, host, 'tell how long its oplog is');
  } finally {
    await client.close();
  }
}

import type { MongoClient } from 'mongodb';
import { z } from 'zod';
import { DrError } from '#core';
import type { MemberCopies } from '#ports';
import { engineError } from './engine-errors.ts';
import { memberUri, openConnection } from './one-member.ts';
import { readRange } from './read-range.ts';
import { isFoundById, splitIds } from './snapshot-source.ts';
import { readCatalog } from './source-catalog.ts';
import { lastWriteOf } from './timestamps.ts';

/** Reads members of the set one by one, as the user of this address. Waits for no server; `close` ends within seconds. */
export function openMemberCopies({ uri }: { readonly uri: string }): MemberCopies & { close(): Promise<void> } {
  const clients = new Map<string, MongoClient>();
  const clientOf = (host: string): MongoClient => {
    const known = clients.get(host);
    if (known) return known;
    const opened = openConnection(memberUri(uri, host));
    clients.set(host, opened);
    // one whose first connection failed stays closed for ever
    opened.once('topologyClosed', () => {
      if (clients.get(host) === opened) clients.delete(host);
    });
    return opened;
  };
  const attempt = async <T>(host: string, order: string, work: (client: MongoClient) => Promise<T>): Promise<T> => {
    try {
      return await work(clientOf(host));
    } catch (thrown) {
      throw thrown instanceof DrError ? thrown : engineError(thrown, host, order);
    }
  };
  return {
    majorityTime: (host) =>
      attempt(
        host,
        'tell its time',
        async (client) => lastWriteOf(await client.db('admin').command({ hello: 1 })).majority,
      ),
    catalog: (host, database) => attempt(host, `describe ${database}`, (client) => readCatalog(client, database)),
    splitPoints: (host, collection, parts) =>
      attempt(host, `split ${collection.name}`, (client) => splitIds(client, collection, parts)),
    read: async function* (host, collection, range, at, signal) {
      try {
        const exactly = isFoundById(collection);
        yield* readRange({ client: clientOf(host), collection, range, since: at, exactly, signal });
      } catch (thrown) {
        signal.throwIfAborted();
        throw engineError(thrown, host, `read ${collection.database}.${collection.name}`);
      }
    },
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

const Hello = z.object({ setName: z.string().optional() });

/**
 * The address to read a server from that a person started outside its set at `host:port`; undefined while nobody answers
 * there, or a member of a set does.
 */
export async function aloneAt(uri: string, address: string): Promise<string | undefined> {
  const alone = memberUri(uri, address);
  const client = openConnection(alone, { serverSelectionTimeoutMS: 1_000 });
  try {
    const { setName } = Hello.parse(await client.db('admin').command({ hello: 1 }));
    return setName === undefined ? alone : undefined;
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}

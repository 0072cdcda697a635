import { MongoClient, type MongoClientOptions } from 'mongodb';
import { DrError } from '#core';
import { engineError } from './engine-errors.ts';

const CONNECTION: MongoClientOptions = {
  appName: 'holdfast-backup',
  connectTimeoutMS: 2000,
  serverSelectionTimeoutMS: 5000,
  // longer than any reply of a healthy member under load; a frozen one must not hold a backup for ever
  socketTimeoutMS: 60_000,
};

/** How long a set without a secondary is given to show one. */
const SECONDARY_WITHIN_MS = 1500;

export interface OneMember {
  readonly host: string;
  readonly client: MongoClient;
}

/**
 * A connection to one member and no other. A snapshot is read from one member from start to end: its majority time
 * only grows, and its rollback id says whether what was read still holds. Takes a healthy secondary when `prefer`
 * says so and there is one. Throws DATABASE_UNAVAILABLE (transient) or CONFIG_INVALID (permanent).
 */
export async function connectToOne(uri: string, prefer: 'secondary' | 'primary'): Promise<OneMember> {
  const host = await chooseMember(uri, prefer);
  const client = openConnection(memberUri(uri, host));
  try {
    await client.connect();
  } catch (error) {
    await client.close();
    throw engineError(error, host, 'take a connection');
  }
  return { host, client };
}

async function chooseMember(uri: string, prefer: 'secondary' | 'primary'): Promise<string> {
  // not `secondaryPreferred`: the driver then takes the primary if it happens to answer first
  const secondary = prefer === 'secondary' ? await memberThat(uri, 'secondary').catch(() => undefined) : undefined;
  return secondary ?? (await memberThat(uri, 'primary'));
}

async function memberThat(uri: string, is: 'secondary' | 'primary'): Promise<string> {
  const client = openConnection(uri, is === 'secondary' ? { serverSelectionTimeoutMS: SECONDARY_WITHIN_MS } : {});
  try {
    const hello = await client.db('admin').command({ hello: 1 }, { readPreference: is });
    const me: unknown = hello['me'];
    if (typeof me === 'string') return me;
    throw new DrError('CONFIG_INVALID', 'permanent', 'MONGODB_URI does not lead to a replica set.', {
      hint: 'A backup needs the oplog: start mongod with --replSet.',
    });
  } catch (error) {
    throw engineError(error, 'The replica set', `name a ${is}`);
  } finally {
    await client.close();
  }
}

export function openConnection(uri: string, more: MongoClientOptions = {}): MongoClient {
  try {
    return new MongoClient(uri, { ...CONNECTION, ...more });
  } catch (cause) {
    throw new DrError('CONFIG_INVALID', 'permanent', 'MONGODB_URI is not an address of a replica set.', { cause });
  }
}

/** The same address with one host: user, password and options stay, what chooses among members goes. */
export function memberUri(uri: string, host: string): string {
  const parts = /^mongodb(\+srv)?:\/\/([^@/?]*@)?[^/?]*(\/[^?]*)?(?:\?(.*))?$/.exec(uri);
  if (!parts) throw new DrError('CONFIG_INVALID', 'permanent', 'MONGODB_URI is not an address of a replica set.');
  const [, srv, user = '', path = '/', query = ''] = parts;
  const options = new URLSearchParams(query);
  for (const name of [...options.keys()]) if (CHOOSING.has(name.toLowerCase())) options.delete(name);
  if (srv && !options.has('tls')) options.set('tls', 'true');
  options.set('directConnection', 'true');
  return `mongodb://${user}${host}${path}?${options}`;
}

const CHOOSING = new Set([
  ...['replicaset', 'readpreference', 'readpreferencetags', 'maxstalenessseconds', 'directconnection'],
  ...['loadbalanced', 'srvmaxhosts', 'srvservicename'],
]);

import { type Document, MongoClient } from 'mongodb';
import { DrError } from '#core';
import { translated } from './replica-set-errors.ts';

/**
 * Direct connections, one to each member: whom a member takes for the primary, and how far it is, only it can say.
 * Every wait has an end. With the driver's defaults a frozen member holds a call for ever, because the kernel still
 * accepts connections for a stopped process.
 */
const DEADLINES = {
  connectTimeoutMS: 1_000,
  serverSelectionTimeoutMS: 1_200,
  waitQueueTimeoutMS: 1_200,
  socketTimeoutMS: 8_000,
  heartbeatFrequencyMS: 2_000,
  // After a "not primary" the driver asks a member again only this much later; the default 500 ms would be write pause.
  minHeartbeatFrequencyMS: 20,
  serverMonitoringMode: 'poll',
} as const;

/** Behind a member's own `maxTimeMS`, so that its answer arrives first. */
const GRACE_MS = 700;

export interface Members {
  /** As the address names them. */
  readonly seeds: readonly string[];
  /** Runs a command on this member's `admin` database. `order` completes "could not ..." for people. */
  ask(host: string, command: Document, order: string, withinMs: number): Promise<Document>;
  /** A connection to this member for longer conversations. */
  client(host: string): MongoClient;
  close(): Promise<void>;
}

/** Throws CONFIG_INVALID (permanent) for an address whose members are not written out. */
export function openMembers(uri: string, appName: string): Members {
  const parts = /^(?<head>mongodb:\/\/(?:[^@/]*@)?)(?<hosts>[^/?@]+)(?:\/[^?]*)?(?:\?(?<query>.*))?$/.exec(uri)?.groups;
  if (!parts?.['head'] || !parts['hosts']) {
    throw new DrError('CONFIG_INVALID', 'permanent', 'MONGODB_URI does not name the members of a replica set.', {
      hint: 'It looks like mongodb://user:password@host1,host2,host3/?replicaSet=name',
    });
  }
  const head = parts['head'];
  const query = new URLSearchParams(parts['query'] ?? '');
  query.delete('replicaSet');
  query.delete('readPreference');
  query.set('directConnection', 'true');
  const clients = new Map<string, MongoClient>();
  const client = (host: string): MongoClient => {
    const known = clients.get(host);
    if (known) return known;
    const opened = new MongoClient(`${head}${host}/?${query}`, { ...DEADLINES, appName, retryWrites: false });
    clients.set(host, opened);
    // A client whose first connection fails closes itself for ever: without this, a member that was down when it was
    // first asked would stay dead to this process after it came back.
    opened.once('topologyClosed', () => {
      if (clients.get(host) === opened) clients.delete(host);
    });
    return opened;
  };
  return {
    seeds: parts['hosts'].split(','),
    client,
    ask: async (host, command, order, withinMs) => {
      try {
        const answer = client(host)
          .db('admin')
          .command({ ...command, maxTimeMS: withinMs });
        return await within(answer, withinMs + GRACE_MS, host, order);
      } catch (thrown) {
        throw translated(thrown, host, order);
      }
    },
    close: async () => {
      await Promise.all([...clients.values()].map((each) => each.close()));
    },
  };
}

async function within<T>(call: Promise<T>, ms: number, host: string, order: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `${host} does not answer (asked to ${order}).`;
      reject(new DrError('DATABASE_UNAVAILABLE', 'transient', message, { data: { host } }));
    }, ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

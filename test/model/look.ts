import { type MongoClient, MongoServerError, Timestamp } from 'mongodb';
import { z } from 'zod';
import type { OplogTime } from '#ports';
import { digest } from './digest.ts';
import { type Listed, listAll, type Made, madeOf } from './made.ts';
import { ONE_AT_A_TIME } from './workload/definitions.ts';

export interface SeenCollection {
  /** In storage order where that is part of it, else sorted. */
  readonly documents: readonly string[];
  readonly made: Made;
}

/** What there was at a moment, by namespace: as the source itself shows it, not as anything of ours worked it out. */
export interface Seen {
  readonly at: OplogTime;
  readonly collections: ReadonlyMap<string, SeenCollection>;
  /** Views with what they are. */
  readonly views: ReadonlyMap<string, string>;
  /** Writes that a majority had acknowledged before. */
  readonly acknowledged: number;
}

/** Into it goes the write that makes the moment, and into it every write that is counted. */
export const LEDGER = 'ledger';

const Answer = z.object({ operationTime: z.instanceof(Timestamp) });
/** Made after the moment. */
const SNAPSHOT_UNAVAILABLE = 246;

/**
 * Looks at a moment while documents go on changing: the server's own snapshot read at that cluster time. Capped
 * collections have none and catalogs are always the newest, so definitions must stand still. Undefined when they did not:
 * the server may finish what it was asked before an election.
 */
export async function lookAt(
  client: MongoClient,
  databases: readonly string[],
  acknowledged: () => number,
): Promise<Seen | undefined> {
  const list = async (): Promise<Listed[]> =>
    (await Promise.all(databases.map((database) => listAll(client, database)))).flat();
  const before = await list();
  const known = acknowledged();
  const mark = {
    update: LEDGER,
    updates: [{ q: { _id: 'mark' }, u: { $inc: { n: 1 } }, upsert: true }],
    writeConcern: { w: 'majority' },
  };
  const at = Answer.parse(await client.db(databases[0]).command(mark)).operationTime;
  const collections = new Map<string, SeenCollection>();
  for (const listed of await list()) {
    // a temporary one is part of an order that is not done
    if (listed.type !== 'collection' || listed.options['temp']) continue;
    const documents = await documentsAt(client, listed, at);
    if (!documents) continue;
    const made = madeOf(listed);
    collections.set(`${listed.database}.${listed.name}`, {
      documents: made.capped ? documents : documents.sort(),
      made,
    });
  }
  const after = await list();
  if (before.some((each) => !isAmong(each, after))) return undefined;
  const views = after.filter(({ type }) => type === 'view');
  return {
    at: { seconds: at.high >>> 0, increment: at.low >>> 0 },
    collections,
    views: new Map(views.map(({ database, name, options }) => [`${database}.${name}`, JSON.stringify(options)])),
    acknowledged: known,
  };
}

const isAmong = (one: Listed, all: readonly Listed[]): boolean =>
  all.some((each) => each.database === one.database && JSON.stringify(each) === JSON.stringify(one));

async function documentsAt(
  client: MongoClient,
  { database, name, options }: Listed,
  atClusterTime: Timestamp,
): Promise<string[] | undefined> {
  const isStill = Boolean(options['capped']) || ONE_AT_A_TIME.includes(name);
  const readConcern = isStill ? { level: 'majority' } : { level: 'snapshot', atClusterTime };
  const command = { find: name, hint: { $natural: 1 }, batchSize: 1000, readConcern };
  try {
    return await digests(client, database, command);
  } catch (error) {
    if (error instanceof MongoServerError && error.code === SNAPSHOT_UNAVAILABLE) return undefined;
    throw error;
  }
}

/** Of every document that a command's cursor gives. */
async function digests(client: MongoClient, database: string, command: object): Promise<string[]> {
  const found: string[] = [];
  const cursor = client.db(database).runCursorCommand(command, { raw: true });
  for await (const document of cursor) {
    if (!Buffer.isBuffer(document)) throw new Error('the driver decoded a document that was asked for raw');
    found.push(digest(document));
  }
  return found;
}

/** Of every document that is there now, in storage order. */
export const digestsOf = (client: MongoClient, database: string, name: string): Promise<string[]> =>
  digests(client, database, { find: name, hint: { $natural: 1 }, batchSize: 1000 });

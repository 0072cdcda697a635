import { type AnyBulkWriteOperation, type Collection, MongoClient, Timestamp } from 'mongodb';
import { z } from 'zod';
import { compareOplogTimes, type OplogTime } from '#ports';
import { until } from '#sandbox/servers';
import { type BenchCase, secondsSince } from '../bench-case.ts';
import { backupToday, startBenchServers } from '../bench-servers.ts';
import { measured } from '../measured.ts';
import type { RestoreOrder } from '../restore-backup.ts';
import { startCapture } from '../start-capture.ts';
import { backUp } from './snapshot.ts';

/** What a backup has at first, and the writes after it: half of them change one of these, half insert. */
const DOCUMENTS = 20_000;
const WRITES = 200_000;
const AT_ONCE = 1_000;

interface Item {
  readonly _id: number;
  readonly v: number;
  readonly text: string;
}

/**
 * Restoring to a moment long after the backup: `operationsPerSecond` are writes replayed from captured segments, by the
 * time that the restore takes more than one of the backup alone. Floor: the time in which the driver made the same
 * writes at first, a thousand a command, one after the other.
 */
export const replayCase: BenchCase = {
  name: 'replay',
  async measure({ scale, say }) {
    const servers = await startBenchServers();
    const { uri, place } = servers;
    const client = await new MongoClient(uri).connect();
    const capture = startCapture({ uri, ...place });
    try {
      const items = client.db('eld').collection<Item>('items');
      await items.insertMany(Array.from({ length: DOCUMENTS }, (_, n) => item(n)));
      await until('capture has begun', async () => {
        await client.db('eld').collection('begins').insertOne({});
        return capture.lines.length > 0;
      });
      const backup = backupToday(0);
      await backUp({ uri, backup, ...place });
      const writes = Math.round(WRITES * scale);
      const startMs = performance.now();
      const last = await write(client, items, writes);
      const floor = { seconds: secondsSince(startMs) };
      say(`${writes} writes made in ${floor.seconds} s`);
      const isDurable = async () => capture.lines.some(({ through }) => compareOplogTimes(through, last) >= 0);
      await until('all of it is durable', isDurable, { withinMs: 120_000 });
      const order: RestoreOrder = { uri, backup, run: 'R-1', ...place };
      const alone = await measured('restore-backup', order);
      const before = { ...last, increment: last.increment + 1 };
      const later = { ...order, run: 'R-2', until: { timeline: 1, before, reached: last } };
      const replayed = await measured('restore-backup', later);
      const seconds = Number((replayed.seconds - alone.seconds).toFixed(3));
      const operationsPerSecond = Math.round(writes / seconds);
      const { rssMB = 0, verifyRssMB = 0 } = replayed;
      return { ours: { seconds, operationsPerSecond, rssMB, verifyRssMB }, floor };
    } finally {
      capture.process.kill('SIGKILL');
      await client.close();
      await servers.stop();
    }
  },
};

const item = (n: number): Item => ({ _id: n, v: 0, text: `${n} `.repeat(40) });

const Answer = z.object({ operationTime: z.instanceof(Timestamp) });

/** Answers with the time of the last write. */
async function write(client: MongoClient, items: Collection<Item>, writes: number): Promise<OplogTime> {
  for (let from = 0; from < writes; from += AT_ONCE) {
    const operations = Array.from({ length: Math.min(AT_ONCE, writes - from) }, (_, n) => operation(from + n));
    await items.bulkWrite(operations, { ordered: false });
  }
  const mark = { insert: 'begins', documents: [{}], writeConcern: { w: 'majority' } };
  const { high, low } = Answer.parse(await client.db('eld').command(mark)).operationTime;
  return { seconds: high >>> 0, increment: low >>> 0 };
}

/** Changes go all over the collection: 7919 is a prime. */
const operation = (n: number): AnyBulkWriteOperation<Item> =>
  n % 2 === 0
    ? { updateOne: { filter: { _id: (n * 7_919) % DOCUMENTS }, update: { $set: { v: n } } } }
    : { insertOne: { document: item(DOCUMENTS + n) } };

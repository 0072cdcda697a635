import { Long, MongoClient } from 'mongodb';
import { keepGarbageYoung } from '../src/main/garbage.ts';
import { type Figures, secondsSince } from './bench-case.ts';

/** What `node bench/raw-read.ts ORDER` is given, as JSON. */
export interface RawReadOrder {
  readonly uri: string;
  readonly database: string;
  readonly collections: readonly string[];
}

/** As many as a backup asks for at once. */
const BATCH = 4000;

/**
 * Every batch of the collections read raw, two cursors at once, and nothing done to it: no backup can be faster than this
 * on the same driver. In a process of its own and with the same care for its garbage, as the backup it is compared with.
 */
async function rawRead({ uri, database, collections }: RawReadOrder): Promise<Figures> {
  keepGarbageYoung();
  const client = new MongoClient(uri);
  const queue = [...collections];
  let bytes = 0;
  const lane = async (): Promise<void> => {
    const db = client.db(database);
    const session = client.startSession();
    for (let name = queue.shift(); name; name = queue.shift()) {
      let command: Record<string, unknown> = { find: name, batchSize: BATCH };
      for (;;) {
        const { cursor } = await db.command(command, { raw: true, session });
        bytes += cursor.length;
        const id = cursorId(cursor);
        if (id === 0n) break;
        command = { getMore: Long.fromBigInt(id), collection: name, batchSize: BATCH };
      }
    }
    await session.endSession();
  };
  await client.connect();
  const startMs = performance.now();
  await Promise.all([lane(), lane()]);
  const seconds = secondsSince(startMs);
  await client.close();
  return { seconds, bytes };
}

const ID_FIELD = Buffer.from('\x12id\0', 'latin1');
const cursorId = (cursor: Buffer): bigint => cursor.readBigInt64LE(cursor.indexOf(ID_FIELD) + ID_FIELD.length);

const [order] = process.argv.slice(2);
if (order) {
  console.log(JSON.stringify(await rawRead(JSON.parse(order))));
  process.exit(0);
}

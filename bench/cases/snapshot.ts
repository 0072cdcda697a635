import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Long, MongoClient } from 'mongodb';
import { type BenchCase, type Figures, secondsSince } from '../bench-case.ts';
import { backupToday, startBenchServers } from '../bench-servers.ts';
import { eldDataset } from '../eld-dataset.ts';
import { measured } from '../measured.ts';
import type { BackupOrder } from '../take-backup.ts';

const ROUNDS = 3;
const LOADER = fileURLToPath(new URL('../load-dataset.ts', import.meta.url));
const run = promisify(execFile);

/**
 * A full backup: `seconds` until every document and the oplog are sealed and in the home region; `completeSeconds`
 * until every segment was also copied to two regions, read back from all three, and the manifest is written.
 * Floor: every batch of the same collections read raw, two cursors at once, nothing done to it. Best of three each,
 * one after the other.
 */
export const snapshotCase: BenchCase = {
  name: 'snapshot',
  async measure({ scale, say }) {
    const servers = await startBenchServers();
    try {
      const { uri, place } = servers;
      const dataset = eldDataset(scale);
      // in a process of its own: what loading leaves in memory is not the backup's
      await run(process.execPath, [LOADER, uri, String(scale)]);
      say(`loaded ${dataset.database}, scale ${scale}`);
      const names = dataset.collections.map(({ name }) => name);
      let floor: Figures | undefined;
      let ours: Figures | undefined;
      for (let round = 0; round < ROUNDS; round += 1) {
        const read = await rawRead(uri, dataset.database, names);
        const taken = await backUp({ uri, backup: backupToday(round), ...place });
        say(`round ${round + 1}: floor ${read.seconds} s, backup ${taken.seconds} s`);
        if (!floor || read.seconds < floor.seconds) floor = read;
        if (!ours || taken.seconds < ours.seconds)
          ours = { ...taken, rssMB: Math.max(taken['rssMB'] ?? 0, ours?.['rssMB'] ?? 0) };
      }
      if (!floor || !ours) throw new Error('nothing was measured');
      return { ours, floor };
    } finally {
      await servers.stop();
    }
  },
};

/** A backup in a process of its own, as `bench/take-backup.ts` takes it. */
export const backUp = (order: BackupOrder): Promise<Figures> => measured('take-backup', order);

async function rawRead(uri: string, database: string, names: readonly string[]): Promise<Figures> {
  const client = new MongoClient(uri);
  const queue = [...names];
  let bytes = 0;
  const lane = async (): Promise<void> => {
    const db = client.db(database);
    const session = client.startSession();
    for (let name = queue.shift(); name; name = queue.shift()) {
      let command: Record<string, unknown> = { find: name, batchSize: 1000 };
      for (;;) {
        const { cursor } = await db.command(command, { raw: true, session });
        bytes += cursor.length;
        const id = cursorId(cursor);
        if (id === 0n) break;
        command = { getMore: Long.fromBigInt(id), collection: name, batchSize: 1000 };
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

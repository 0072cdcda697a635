import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import type { BenchCase, Figures } from '../bench-case.ts';
import { backupToday, startBenchServers } from '../bench-servers.ts';
import { eldDataset } from '../eld-dataset.ts';
import { measured } from '../measured.ts';
import type { RawLoadOrder } from '../raw-load.ts';
import type { RestoreOrder } from '../restore-backup.ts';
import { backUp } from './snapshot.ts';

const ROUNDS = 3;
const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(`../${name}.ts`, import.meta.url));

/**
 * A restore from S3: `seconds` until every document is inserted and every index built, `verifySeconds` for reading it back
 * from the target beside that. Floor: the same documents, in memory already, inserted raw with three writers, and the same
 * indexes built. Best of three each, one after the other, each in a process of its own.
 */
export const restoreCase: BenchCase = {
  name: 'restore',
  async measure({ scale, say }) {
    const servers = await startBenchServers();
    try {
      const { uri, place } = servers;
      const { database } = eldDataset(scale);
      await run(process.execPath, [script('load-dataset'), uri, String(scale)]);
      const backup = backupToday(0);
      await backUp({ uri, backup, ...place });
      let floor: Figures | undefined;
      let ours: Figures | undefined;
      for (let round = 1; round <= ROUNDS; round += 1) {
        const raw = await measured('raw-load', { uri, from: database, to: 'floor' } satisfies RawLoadOrder);
        await drop(uri, 'floor');
        const order: RestoreOrder = { uri, backup, run: `R-${round}`, ...place };
        const restored = await measured('restore-backup', order);
        say(`round ${round}: floor ${raw.seconds} s, restore ${restored.seconds} s, ${restored['rssMB']} MB`);
        if (!floor || raw.seconds < floor.seconds) floor = raw;
        if (!ours || restored.seconds < ours.seconds) ours = restored;
      }
      if (!floor || !ours) throw new Error('nothing was measured');
      return { ours, floor };
    } finally {
      await servers.stop();
    }
  },
};

async function drop(uri: string, database: string): Promise<void> {
  const client = new MongoClient(uri);
  try {
    await client.db(database).dropDatabase();
  } finally {
    await client.close();
  }
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchCase, Figures } from '../bench-case.ts';
import { backupToday, startBenchServers } from '../bench-servers.ts';
import { eldDataset } from '../eld-dataset.ts';
import { measured } from '../measured.ts';
import type { RawReadOrder } from '../raw-read.ts';
import type { BackupOrder } from '../take-backup.ts';

const ROUNDS = 5;
const LOADER = fileURLToPath(new URL('../load-dataset.ts', import.meta.url));
const run = promisify(execFile);

/**
 * A full backup: `seconds` until every document and the oplog are sealed and in the home region; `completeSeconds`
 * until every segment was also copied to two regions, read back from all three, and the manifest is written.
 * Floor: every batch of the same collections read raw, two cursors at once, nothing done to it, by a process that is started
 * as the backup's is. Each backup is compared
 * with the floor right before it, because a shared machine is not equally fast all the time; of five rounds the one in the middle.
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
      const collections = dataset.collections.map(({ name }) => name);
      const readAll: RawReadOrder = { uri, database: dataset.database, collections };
      const rounds: Round[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const floor = await measured('raw-read', readAll);
        const ours = await backUp({ uri, backup: backupToday(round), ...place });
        say(`round ${round + 1}: floor ${floor.seconds} s, backup ${ours.seconds} s`);
        rounds.push({ floor, ours });
      }
      const { floor, ours } = middle(rounds);
      const rssMB = Math.max(...rounds.map((round) => round.ours['rssMB'] ?? 0));
      return { ours: { ...ours, rssMB }, floor };
    } finally {
      await servers.stop();
    }
  },
};

interface Round {
  readonly floor: Figures;
  readonly ours: Figures;
}

/** The round whose ratio half of the others are above and half below. */
function middle(rounds: readonly Round[]): Round {
  const sorted = rounds.toSorted((a, b) => a.ours.seconds / a.floor.seconds - b.ours.seconds / b.floor.seconds);
  const found = sorted[Math.floor(sorted.length / 2)];
  if (!found) throw new Error('nothing was measured');
  return found;
}

/** A backup in a process of its own, as `bench/take-backup.ts` takes it. */
export const backUp = (order: BackupOrder): Promise<Figures> => measured('take-backup', order);

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Document, MongoClient } from 'mongodb';
import type { BenchCase, Figures } from '../bench-case.ts';
import { backupToday, startBenchServers } from '../bench-servers.ts';
import { eldDataset } from '../eld-dataset.ts';
import { backUp } from './snapshot.ts';

const LOADER = fileURLToPath(new URL('../load-dataset.ts', import.meta.url));
const run = promisify(execFile);

/** Of all documents, in hundredths. The second shows whether the cost grows with the change. */
const CHANGED = [1, 2] as const;

/**
 * Backups of changes, after documents chosen at random were changed: `secondsRatio` and `bytesRatio` are to the full
 * backup of the same run, and so is the floor's place taken by the full one: there is no other floor than not to read what
 * did not change.
 */
export const incrementalCase: BenchCase = {
  name: 'incremental',
  async measure({ scale, say }) {
    const servers = await startBenchServers();
    try {
      const { uri, place } = servers;
      const { database, collections } = eldDataset(scale);
      await run(process.execPath, [LOADER, uri, String(scale)]);
      const order = { uri, ...place };
      const full = await backUp({ ...order, backup: backupToday(0) });
      say(`full: ${full['completeSeconds']} s, ${full['storedBytes']} bytes`);
      const links: Figures[] = [];
      for (const [index, percent] of CHANGED.entries()) {
        const count = await changeAtRandom(uri, database, collections, percent / 100);
        const link = await backUp({ ...order, backup: backupToday(index + 1), parent: backupToday(index) });
        say(`${percent} %, ${count} changed: ${link['completeSeconds']} s, ${link['storedBytes']} bytes`);
        links.push(link);
      }
      const [one, two] = links;
      if (!one || !two) throw new Error('nothing was measured');
      const ratio = (name: string, a: Figures, b: Figures): number =>
        Number(((a[name] ?? 0) / (b[name] ?? 1)).toFixed(3));
      const ours = {
        ...one,
        seconds: one['completeSeconds'] ?? 0,
        secondsRatio: ratio('completeSeconds', one, full),
        bytesRatio: ratio('storedBytes', one, full),
        twiceTheChange: ratio('completeSeconds', two, one),
      };
      return { ours, floor: { ...full, seconds: full['completeSeconds'] ?? 0 } };
    } finally {
      await servers.stop();
    }
  },
};

/** Changes about that share of every collection's documents; returns how many. */
async function changeAtRandom(
  uri: string,
  database: string,
  collections: ReturnType<typeof eldDataset>['collections'],
  share: number,
): Promise<number> {
  const client = new MongoClient(uri);
  try {
    let count = 0;
    for (const { name } of collections) {
      const filter: Document = { $expr: { $lt: [{ $rand: {} }, share] } };
      const { modifiedCount } = await client
        .db(database)
        .collection(name)
        .updateMany(filter, { $set: { checkedAt: new Date() } });
      count += modifiedCount;
    }
    return count;
  } finally {
    await client.close();
  }
}

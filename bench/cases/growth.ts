import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchCase, Figures } from '../bench-case.ts';
import { backupToday, startBenchServers } from '../bench-servers.ts';
import { backUp } from './snapshot.ts';

const LOADER = fileURLToPath(new URL('../load-dataset.ts', import.meta.url));
const run = promisify(execFile);

/** Of the reference data set. */
const SMALL = 0.25;
const LARGE = 4;

/**
 * Whether a backup's cost grows with the data and not faster: full backups of a quarter and of four times the data set. The
 * floor is sixteen times the small one, so a ratio of 1 is a straight line; below it, what costs the same whatever the size
 * weighs on the small one. `completeRatio` is the same of the committed backup, `rssRatio` of resident memory, which should
 * not grow at all.
 */
export const growthCase: BenchCase = {
  name: 'growth',
  async measure({ scale, say }) {
    const small = await backUpOf(SMALL * scale, say);
    const large = await backUpOf(LARGE * scale, say);
    const times = LARGE / SMALL;
    const ratio = (name: string, share: number): number =>
      Number(((large[name] ?? 0) / ((small[name] ?? 1) * share)).toFixed(2));
    const ours = { ...large, completeRatio: ratio('completeSeconds', times), rssRatio: ratio('rssMB', 1) };
    return { ours, floor: { ...small, seconds: Number((small.seconds * times).toFixed(3)) } };
  },
};

/** On servers of its own: what one size leaves in a cache or an oplog is not the other's. The better of two. */
async function backUpOf(scale: number, say: (line: string) => void): Promise<Figures> {
  const servers = await startBenchServers();
  try {
    const { uri, place } = servers;
    await run(process.execPath, [LOADER, uri, String(scale)]);
    const rounds: Figures[] = [];
    for (const round of [0, 1]) rounds.push(await backUp({ uri, backup: backupToday(round), ...place }));
    const [best] = rounds.sort((a, b) => a.seconds - b.seconds);
    if (!best) throw new Error('nothing was measured');
    say(`scale ${scale}: ${best.seconds} s, complete after ${best['completeSeconds']} s, ${best['rssMB']} MB`);
    return best;
  } finally {
    await servers.stop();
  }
}

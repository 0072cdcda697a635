import type { Manifest } from '#vault';
import { captureBench } from '../capture/capture-bench.ts';
import { changeAndLook, compareAtRandom } from '../capture/every-change.ts';
import type { Seeded } from '../e2e/scenarios/seeded.ts';
import { during } from '../support/during.ts';
import { dyingAt } from '../support/dying-vault.ts';
import { openEngine } from '../support/engine.ts';
import { memoryVault, nextBackupId } from '../support/memory-vault.ts';

export interface ChainModel {
  readonly uri: string;
  readonly database: string;
  readonly random: Seeded;
  /** Backups of changes after the full one. */
  readonly links: number;
  /** Restored after each backup. */
  readonly points: number;
  /** How often the process that takes the full one is killed before it is done. */
  readonly deaths: number;
}

/**
 * A full backup, whose process is killed on the way, and a chain on it, all taken while everything changes; then moments after each of them, chosen at random,
 * restored from that backup and compared with what a client saw. Returns what was not as seen, and the chain.
 */
export async function runChainModel({ uri, database, random, links, points, deaths }: ChainModel) {
  const { vault } = memoryVault();
  const engine = await openEngine(uri, database, vault, 'primary');
  const bench = captureBench(uri, database, vault);
  try {
    bench.start();
    const seen = await changeAndLook(engine.db, engine.client, random, 5);
    await bench.caughtUp();
    const change = async (): Promise<void> => {
      seen.push(...(await changeAndLook(engine.db, engine.client, random, 4)));
    };
    const source = () => during(engine.source, change, change);
    // small segments, and each a checkpoint
    const backupId = nextBackupId();
    const often = { backupId, ...(deaths > 0 ? { checkpointEveryMs: 0, segmentBytes: 2_000 } : {}) };
    let died = 0;
    for (let death = 0; death < deaths; death += 1) {
      const call = 5 + Math.floor(random() * 40);
      const dying = dyingAt(vault, call, random() < 0.5 ? 'before' : 'after');
      await engine.backUp({ ...often, source: source(), vault: dying.vault }).catch(() => undefined);
      died += dying.died() ? 1 : 0;
      await change();
    }
    let parent = await engine.backUp({ ...often, source: source() });
    const chain: Manifest[] = [parent];
    for (let link = 0; link < links; link += 1) {
      await change();
      // never whole for its share: collections this small would always be
      parent = await engine.backUpChanges(parent, { source: source(), wholeFrom: Number.POSITIVE_INFINITY });
      chain.push(parent);
    }
    await change();
    await bench.caughtUp();
    const wrong: string[] = [];
    for (const { header } of chain) {
      const backup = { vault, backup: header.backup, end: header.window.end };
      wrong.push(...(await compareAtRandom(engine, backup, seen, { random, points })));
    }
    return { wrong, chain, died };
  } finally {
    await bench.stop();
    await engine.close();
  }
}

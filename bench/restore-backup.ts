import { openRestoreTarget } from '#adapters/mongodb';
import { BackupId, RequestId } from '#core';
import { restoreBeside, verifyBeside } from '#restore';
import { collectGarbageInOneGo } from '../src/main/garbage.ts';
import { type Figures, secondsSince } from './bench-case.ts';
import { type VaultPlace, vaultOn } from './vault-on.ts';

/** What `node bench/restore-backup.ts ORDER` is given, as JSON. */
export interface RestoreOrder extends VaultPlace {
  readonly uri: string;
  readonly backup: string;
  readonly run: string;
}

/**
 * One restore beside the live collections as a worker does it, in a process of its own. Prints its figures as JSON:
 * `seconds` until everything is inserted and the indexes are built, `verifySeconds` for reading it back and comparing.
 */
async function restoreBackup({ uri, backup, run, ...place }: RestoreOrder): Promise<Figures> {
  collectGarbageInOneGo();
  const vault = vaultOn(place);
  const target = await openRestoreTarget({ uri });
  const common = {
    vault,
    target,
    runId: RequestId.parse(run),
    point: { backupId: BackupId.parse(backup) },
    signal: new AbortController().signal,
  };
  try {
    let startMs = performance.now();
    const { collections } = await restoreBeside(common);
    const seconds = secondsSince(startMs);
    startMs = performance.now();
    const { collections: verified } = await verifyBeside({ ...common, where: 'beside' });
    const verifySeconds = secondsSince(startMs);
    if (verified.some(({ differences }) => differences.length > 0)) throw new Error('the restored data differs');
    for (const { database, beside } of collections) await target.drop({ database, name: beside });
    // the kernel's own mark, so that no peak is missed; kilobytes
    const rssMB = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
    return { seconds, verifySeconds, collections: collections.length, rssMB };
  } finally {
    await target.close();
  }
}

const [order] = process.argv.slice(2);
if (order) {
  console.log(JSON.stringify(await restoreBackup(JSON.parse(order))));
  process.exit(0);
}

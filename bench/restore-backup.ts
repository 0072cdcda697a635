import { openRestoreTarget } from '#adapters/mongodb';
import { BackupId, RequestId } from '#core';
import { type CapturedUntil, restoreBeside, verifyBeside } from '#restore';
import { keepGarbageYoung } from '../src/main/garbage.ts';
import { type Figures, secondsSince } from './bench-case.ts';
import { type VaultPlace, vaultOn } from './vault-on.ts';

/** What `node bench/restore-backup.ts ORDER` is given, as JSON. */
export interface RestoreOrder extends VaultPlace {
  readonly uri: string;
  readonly backup: string;
  readonly run: string;
  /** To a later moment than the backup's own. */
  readonly until?: CapturedUntil;
}

/**
 * One restore beside the live collections as a worker does it, in a process of its own. Prints its figures as JSON:
 * `seconds` until everything is inserted and the indexes are built, `verifySeconds` for reading it back and comparing.
 */
async function restoreBackup({ uri, backup, run, until, ...place }: RestoreOrder): Promise<Figures> {
  keepGarbageYoung();
  const vault = vaultOn(place);
  const target = await openRestoreTarget({ uri });
  const common = {
    vault,
    target,
    runId: RequestId.parse(run),
    point: { backupId: BackupId.parse(backup), ...(until ? { until } : {}) },
    signal: new AbortController().signal,
  };
  try {
    let startMs = performance.now();
    const { collections } = await restoreBeside(common);
    const seconds = secondsSince(startMs);
    const rssMB = peakMB();
    startMs = performance.now();
    const { collections: verified } = await verifyBeside({ ...common, where: 'beside' });
    const verifySeconds = secondsSince(startMs);
    if (verified.some(({ differences }) => differences.length > 0)) throw new Error('the restored data differs');
    for (const { database, beside } of collections) await target.drop({ database, name: beside });
    return { seconds, verifySeconds, collections: collections.length, rssMB, verifyRssMB: peakMB() };
  } finally {
    await target.close();
  }
}

/** The kernel's own mark since the process began, so that no peak is missed. */
const peakMB = (): number => Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);

const [order] = process.argv.slice(2);
if (order) {
  console.log(JSON.stringify(await restoreBackup(JSON.parse(order))));
  process.exit(0);
}

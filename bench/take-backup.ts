import { openOplogSource, openSnapshotSource } from '#adapters/mongodb';
import { BackupId, sha256 } from '#core';
import { type SnapshotOptions, takeFullSnapshot, takeIncrementalSnapshot } from '#snapshot';
import { openBackup, type Vault } from '#vault';
import { keepGarbageYoung } from '../src/main/garbage.ts';
import { type Figures, secondsSince } from './bench-case.ts';
import { type VaultPlace, vaultOn } from './vault-on.ts';

/** What `node bench/take-backup.ts ORDER` is given, as JSON. */
export interface BackupOrder extends VaultPlace {
  readonly uri: string;
  readonly backup: string;
  /** Only what changed since this backup. */
  readonly parent?: string;
}

async function take(order: SnapshotOptions, vault: Vault, parent: string | undefined) {
  if (parent === undefined) return takeFullSnapshot(order);
  const open = await openBackup(vault, BackupId.parse(parent));
  open.close();
  return takeIncrementalSnapshot(order, open.manifest);
}

/**
 * One backup as a worker takes it, in a process of its own, so that its memory is all that is counted. Prints its
 * figures as JSON: `seconds` until everything is sealed and in the home region, `completeSeconds` until it is committed.
 */
async function takeBackup({ uri, backup, parent, ...place }: BackupOrder): Promise<Figures> {
  keepGarbageYoung();
  const vault = vaultOn(place);
  const source = await openSnapshotSource({ uri, prefer: 'secondary' });
  const oplog = await openOplogSource({ uri, prefer: 'secondary' });
  let seconds = 0;
  const startMs = performance.now();
  try {
    const order: SnapshotOptions = {
      source,
      oplog,
      vault,
      backupId: BackupId.parse(backup),
      databases: { include: ['eld'], exclude: [] },
      lock: { mode: 'governance', days: 1 },
      planHash: sha256('bench'),
      signal: new AbortController().signal,
      onProgress: ({ phase }) => {
        if (phase === 'copying' && seconds === 0) seconds = secondsSince(startMs);
      },
    };
    const { header } = await take(order, vault, parent);
    const completeSeconds = secondsSince(startMs);
    const { documents, bytes, storedBytes } = header;
    // the kernel's own mark, so that no peak is missed; kilobytes
    const rssMB = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
    return { seconds, completeSeconds, documents, bytes, storedBytes, rssMB };
  } finally {
    await Promise.all([source.close(), oplog.close()]);
  }
}

const [order] = process.argv.slice(2);
if (order) {
  console.log(JSON.stringify(await takeBackup(JSON.parse(order))));
  process.exit(0);
}

import { kmsKeyService } from '#adapters/kms';
import { openOplogSource, openSnapshotSource } from '#adapters/mongodb';
import { s3ObjectStore } from '#adapters/s3';
import { BackupId, Region, sha256, systemClock, systemRandom } from '#core';
import { type AwsWorld, SANDBOX_CREDENTIALS, VAULT_REGIONS } from '#sandbox/servers';
import { takeFullSnapshot } from '#snapshot';
import { openVault, type Vault } from '#vault';
import { collectGarbageInOneGo } from '../src/main/garbage.ts';
import { type Figures, secondsSince } from './bench-case.ts';

/** What `node bench/take-backup.ts ORDER` is given, as JSON. */
export interface BackupOrder {
  readonly uri: string;
  readonly backup: string;
  readonly endpoint: string;
  readonly world: Pick<AwsWorld, 'buckets' | 'kmsKeys'>;
}

/**
 * One full backup as a worker takes it, in a process of its own, so that its memory is all that is counted. Prints its
 * figures as JSON: `seconds` until everything is sealed and in the home region, `completeSeconds` until it is committed.
 */
async function takeBackup({ uri, backup, endpoint, world }: BackupOrder): Promise<Figures> {
  collectGarbageInOneGo();
  const vault = vaultOn(endpoint, world);
  const source = await openSnapshotSource({ uri, prefer: 'secondary' });
  const oplog = await openOplogSource({ uri, prefer: 'secondary' });
  let seconds = 0;
  const startMs = performance.now();
  try {
    const { header } = await takeFullSnapshot({
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
    });
    const completeSeconds = secondsSince(startMs);
    const { documents, bytes, storedBytes } = header;
    // the kernel's own mark, so that no peak is missed; kilobytes
    const rssMB = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
    return { seconds, completeSeconds, documents, bytes, storedBytes, rssMB };
  } finally {
    await Promise.all([source.close(), oplog.close()]);
  }
}

function vaultOn(endpoint: string, world: BackupOrder['world']): Vault {
  const at = (name: (typeof VAULT_REGIONS)[number]) => ({
    region: Region.parse(name),
    endpoint,
    credentials: SANDBOX_CREDENTIALS,
  });
  return openVault({
    stores: VAULT_REGIONS.map((name) => s3ObjectStore({ ...at(name), bucket: world.buckets[name] })),
    keys: VAULT_REGIONS.map((name) => kmsKeyService({ ...at(name), keyId: world.kmsKeys[name] })),
    clock: systemClock,
    random: systemRandom,
  });
}

const [order] = process.argv.slice(2);
if (order) {
  console.log(JSON.stringify(await takeBackup(JSON.parse(order))));
  process.exit(0);
}

import { kmsKeyService } from '#adapters/kms';
import { s3ObjectStore } from '#adapters/s3';
import { BackupId, documentOf, documentsOf, Region, requiredElement, stringOf, systemClock, systemRandom } from '#core';
import type { OplogTime } from '#ports';
import { type Company, EU, type SandboxRegion, WEST } from '#sandbox/company';
import { SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { blocksOf, type OpenBackup, openBackup, openVault } from '#vault';
import { type Fingerprints, fingerprintOf, idOf } from './live-data.ts';

/** A backup as read from one region's bucket, every segment of it, without Holdfast's processes. */
export interface ReadBackup {
  readonly segments: number;
  readonly bytes: number;
  /** Each collection of `eld` after the captured oplog's inserts, at `end`. */
  readonly collections: ReadonlyMap<string, Fingerprints>;
  /** Collections that changed in another way while the backup was taken. */
  readonly changing: ReadonlySet<string>;
  readonly end: OplogTime;
}

/** Opens the backup from us-west-2 with that region's key, reads and decrypts every segment there. @throws DrError */
export async function readBackupInTheWest(company: Company, backup: string): Promise<ReadBackup> {
  const options = (region: SandboxRegion) => ({
    region: Region.parse(region),
    endpoint: company.aws.gateways[region].endpoint,
    credentials: SANDBOX_CREDENTIALS,
  });
  const stores = ([WEST, EU] as const).map((region) =>
    s3ObjectStore({ ...options(region), bucket: company.aws.world.buckets[region] }),
  );
  const keys = [kmsKeyService({ ...options(WEST), keyId: 'alias/eld-vault' })];
  const vault = openVault({ stores, keys, clock: systemClock, random: systemRandom });
  const opened = await openBackup(vault, BackupId.parse(backup));
  try {
    return await readAll(opened);
  } finally {
    opened.close();
    for (const each of [...stores, ...keys]) each.close();
  }
}

async function readAll(opened: OpenBackup): Promise<ReadBackup> {
  const { body, header } = opened.manifest;
  const names = new Map(body.collections.map(({ number, name }) => [number, name]));
  const collections = new Map<string, Fingerprints>(body.collections.map(({ name }) => [name, new Map()]));
  const changing = new Set<string>();
  let end = header.window.end;
  let bytes = 0;
  for (const segment of body.segments) {
    const plain = await opened.readSegmentIn(Region.parse(WEST), segment);
    bytes += plain.length;
    if (segment.kind === 'oplog') {
      end = segment.last;
      for (const entry of documentsOf(plain)) replayInsert(entry, collections, changing);
      continue;
    }
    for (const { collection, documents } of blocksOf(plain)) {
      const into = collections.get(names.get(collection) ?? '');
      for (const document of documentsOf(documents)) into?.set(idOf(document), fingerprintOf(document));
    }
  }
  return { segments: body.segments.length, bytes, collections, changing, end };
}

/** The drivers only insert. Anything else is somebody's heartbeat, and is told instead of replayed. */
function replayInsert(entry: Buffer, collections: Map<string, Fingerprints>, changing: Set<string>): void {
  const [database, ...rest] = stringOf(requiredElement(entry, 'ns')).split('.');
  if (database !== 'eld') return;
  const name = rest.join('.');
  if (stringOf(requiredElement(entry, 'op')) !== 'i') {
    changing.add(name);
    return;
  }
  const document = documentOf(requiredElement(entry, 'o'));
  const into = collections.get(name) ?? new Map();
  collections.set(name, into);
  into.set(idOf(document), fingerprintOf(document));
}

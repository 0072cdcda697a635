import { asDrError, type Region } from '#core';
import type { Damage, HealedCopy } from './backup-check.ts';
import { checkKeyObject } from './captured/integrity/check-key-object.ts';
import type { HourObject, VersionThere } from './captured/integrity/hour-objects.ts';
import type { CopyIn } from './captured/integrity/key-candidates.ts';
import { type PatientRegions, patientRegions } from './captured/integrity/patient-regions.ts';
import type { BackupPlace } from './format.ts';
import { judge } from './key-standing.ts';
import { keyPrefix } from './object-keys.ts';
import { openManifest } from './open-backup.ts';
import type { Vault } from './vault.ts';

/**
 * Compares every region's copies of a backup's key objects, and writes those that are damaged or gone again from the best
 * one: without its key, a region's copy of a backup is of no use to that region. A generation that no region has whole is
 * left: another one opened the backup. Regions that the backup was made without owe nothing. Idempotent. Throws what
 * opening the backup throws, and transient errors of the key services.
 */
export async function healBackupKeys(
  vault: Vault,
  backup: BackupPlace,
  signal: AbortSignal,
): Promise<{ damage: Damage[]; healed: HealedCopy[] }> {
  const { manifest, key } = await openManifest(vault, backup);
  try {
    const owing = vault.stores.filter(({ region }) => manifest.header.regions.includes(region));
    const regions = patientRegions(vault, signal, owing);
    const damage: Damage[] = [];
    const healed: HealedCopy[] = [];
    for (const object of await generationsOf(regions, keyPrefix(key.name))) {
      const judgeCopy = (bytes: Buffer) => judge(vault, { key }, bytes);
      const check = await checkKeyObject(regions, object, copyOf(regions), judgeCopy);
      if (check.bytes === 0) continue;
      damage.push(...check.damage);
      healed.push(...check.healed);
    }
    return { damage, healed };
  } finally {
    key.forget();
  }
}

async function generationsOf(regions: PatientRegions, prefix: string): Promise<HourObject[]> {
  const found = new Map<string, Map<Region, VersionThere[]>>();
  for (const store of regions.stores()) {
    const keys = await regions
      .read(store, async (asked) => {
        const there: string[] = [];
        for await (const { key } of asked.list(prefix)) there.push(key);
        return there;
      })
      .catch((thrown: unknown) => {
        if (regions.unread.has(store.region)) return [];
        throw thrown;
      });
    for (const key of keys) {
      const object = found.get(key) ?? new Map<Region, VersionThere[]>();
      found.set(key, object.set(store.region, [{ versionId: 'current', current: true }]));
    }
  }
  return [...found].map(([key, versions]) => ({ key, versions }));
}

const copyOf =
  (regions: PatientRegions): CopyIn =>
  async (store, { key }) => {
    try {
      return await regions.read(store, (asked) => asked.get(key));
    } catch (thrown) {
      if (asDrError(thrown).code === 'NOT_FOUND') return undefined;
      throw thrown;
    }
  };

import { BackupId, type RandomBytes } from '#core';
import type { KeyService, ObjectLock } from '#ports';
import { commitManifest, createDataKey, type Manifest, type Vault } from '#vault';
import { nextBackupId, PLAN_HASH } from './memory-vault.ts';

export const WITHIN_A_DAY: ObjectLock = { mode: 'governance', until: new Date(Date.now() + 86_400_000) };

/** A committed backup of nothing: its own data key, and a manifest that only that key opens. */
export async function smallBackup(
  vault: Vault,
  {
    backup = nextBackupId(),
    lock = WITHIN_A_DAY,
    header = {},
  }: { backup?: BackupId; lock?: ObjectLock; header?: Partial<Manifest['header']> } = {},
): Promise<Manifest> {
  const now = vault.clock.now();
  const place = { year: now.getUTCFullYear(), backup: BackupId.parse(backup) };
  const key = await createDataKey(vault, place, vault.random(4).toString('hex'), lock);
  const instant = { seconds: Math.floor(now.getTime() / 1000), increment: 1 };
  const manifest: Manifest = {
    header: {
      ...{ format: 'holdfast-vault', version: 1, ...place, kind: 'full', parent: null, key: key.name },
      ...{ startedAt: now.toISOString(), finishedAt: now.toISOString(), window: { start: instant, end: instant } },
      ...{ collections: 0, documents: 0, bytes: 0, storedBytes: 0, planHash: PLAN_HASH },
      regions: vault.stores.map(({ region }) => region),
      lock: { mode: lock.mode, until: lock.until.toISOString() },
      ...header,
    },
    body: {
      ...{ member: 'east-1', rollbackId: 1, scope: { include: 'all', exclude: [] } },
      ...{ databases: [], collections: [], views: [], segments: [] },
    },
  };
  await commitManifest(vault, manifest, key, lock);
  key.forget();
  return manifest;
}

/** The same vault, in which every key material that anybody gets hold of is remembered: all of it must end as zeros. */
export function watchedVault(vault: Vault): { vault: Vault; left: () => number } {
  const seen: Uint8Array[] = [];
  const keep = <T extends Uint8Array>(bytes: T): T => {
    seen.push(bytes);
    return bytes;
  };
  const random: RandomBytes = (size) => (size === 32 ? keep(vault.random(size)) : vault.random(size));
  const keys = vault.keys.map(
    (service): KeyService => ({
      ...service,
      unwrap: async (wrapped, context) => keep(await service.unwrap(wrapped, context)),
    }),
  );
  return {
    vault: { ...vault, random, keys },
    left: () => seen.filter((bytes) => bytes.some((byte) => byte !== 0)).length,
  };
}

import { systemClock, systemRandom } from '#core';
import { drillRegions, newestBackup } from '#keys';
import type { KeyService, ObjectStore } from '#ports';
import { openVault, proveKeyService, type Vault } from '#vault';
import { type Check, wrong } from './check.ts';

/** Each region's KMS key: whether it may be used, and whether it alone opens the newest backup. */
export function vaultKeyChecks(stores: readonly ObjectStore[], keys: readonly KeyService[]): Check[] {
  const open = (): Vault => openVault({ stores, keys, clock: systemClock, random: systemRandom });
  let newest: ReturnType<typeof newestBackup> | undefined;
  const newestOnce = () => {
    newest ??= newestBackup(open());
    return newest;
  };
  return keys.map((key) => ({
    name: `key ${key.region}`,
    fix: `kms:Encrypt and kms:Decrypt on ${key.keyName} in ${key.region}.`,
    look: async () => {
      await proveKeyService(key, systemRandom);
      const backup = await newestOnce();
      if (!backup) return `${key.keyName}: wraps and unwraps; no backup to open yet`;
      const [drill] = await drillRegions({ ...open(), keys: [key] }, backup);
      if (drill?.result === 'OPENS') return `${key.keyName}: wraps and unwraps; alone opens ${drill.backup}`;
      throw wrong(
        `${key.keyName} wraps and unwraps, but does not open ${backup.backup} alone: ${drill?.problem ?? 'no answer'}`,
        'Was the key replaced? Name the one before in plan.yaml (mongodb.keys.earlier_aliases). Then: /dr keys rotate --due',
      );
    },
  }));
}

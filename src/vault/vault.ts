import { type Clock, DrError, type RandomBytes } from '#core';
import type { KeyService, ObjectStore } from '#ports';
import type { BackupCatalog } from './catalog/record.ts';

/** Where backups live: a bucket and a key service a region. The first store is where a backup begins. */
export interface Vault {
  readonly stores: readonly [ObjectStore, ...ObjectStore[]];
  readonly keys: readonly KeyService[];
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** What is remembered of the backups, so that a list need not read them all. Nothing ever rests on it. */
  readonly catalog?: BackupCatalog;
}

/**
 * Opens a vault; nothing is read yet. Throws CONFIG_INVALID (permanent) with fewer than two regions: a backup is
 * complete only when another region has it too.
 */
export function openVault(
  parts: { stores: readonly ObjectStore[]; keys: readonly KeyService[] } & Pick<Vault, 'clock' | 'random' | 'catalog'>,
): Vault {
  const [home, ...others] = parts.stores;
  const [firstKey] = parts.keys;
  if (!home || others.length === 0 || !firstKey) {
    throw new DrError('CONFIG_INVALID', 'permanent', 'The vault needs buckets in two regions and a key service.', {
      hint: 'Add a second region with a bucket to plan.yaml.',
    });
  }
  return { ...parts, stores: [home, ...others] };
}

/** Whether a region may simply be dead: another region's copy is worth a try. */
export const isUnavailable = (error: DrError): boolean => error.kind === 'transient';

import type { Region } from '#core';
import type { BackupPlace } from '../format.ts';
import { CHECKS, checkPrefix } from '../object-keys.ts';
import { ownerOf } from '../owner-of-key.ts';
import type { Vault } from '../vault.ts';
import { idOf } from './record.ts';

/** The newest check's key of each backup, by id, from lists alone. */
export interface NewestChecks {
  readonly keys: ReadonlyMap<string, string>;
  /** Whether a region did not answer: it may have newer ones. */
  readonly isPartial: boolean;
}

/** Of all backups, or of one. A check only informs: a region that does not answer is left out. Never throws. */
export async function newestChecks({ stores }: Vault, place?: BackupPlace): Promise<NewestChecks> {
  const keys = new Map<string, string>();
  const silent = new Set<Region>();
  await Promise.all(
    stores.map(async (store) => {
      try {
        for await (const { key } of store.list(place ? checkPrefix(place) : CHECKS)) {
          const owner = ownerOf(key);
          if (owner.kind !== 'check') continue;
          const id = idOf(owner.place);
          if (key > (keys.get(id) ?? '')) keys.set(id, key);
        }
      } catch {
        silent.add(store.region);
      }
    }),
  );
  return { keys, isPartial: silent.size > 0 };
}

import type { ObjectStore } from '#ports';
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

/** Of all backups, or of some. A check only informs: a region that does not answer is left out. Never throws. */
export async function newestChecks({ stores }: Vault, of?: readonly BackupPlace[]): Promise<NewestChecks> {
  const keys = new Map<string, string>();
  const prefixes = of ? of.map(checkPrefix) : [CHECKS];
  let isPartial = false;
  const look = async (store: ObjectStore, prefix: string): Promise<void> => {
    try {
      for await (const { key } of store.list(prefix)) {
        const owner = ownerOf(key);
        if (owner.kind !== 'check') continue;
        const id = idOf(owner.place);
        if (key > (keys.get(id) ?? '')) keys.set(id, key);
      }
    } catch {
      isPartial = true;
    }
  };
  await Promise.all(stores.flatMap((store) => prefixes.map((prefix) => look(store, prefix))));
  return { keys, isPartial };
}

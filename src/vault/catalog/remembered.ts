import { DrError, within } from '#core';
import type { Stored } from '#ports';
import type { Vault } from '../vault.ts';
import { type CatalogState, stateIn } from './comparison.ts';
import { type CatalogEntry, entryIn } from './entry.ts';
import type { CatalogRecord } from './record.ts';

export interface Remembered {
  /** Newest first. */
  readonly entries: readonly CatalogEntry[];
  /** Undefined until the catalog was compared with the buckets: it may then lack anything. */
  readonly state: CatalogState | undefined;
}

/** A control store that does not answer must not keep anybody from what the buckets say. */
const PATIENCE_MS = 500;

/**
 * What the catalog has of the newest backups, by one query of the control store. Undefined when the vault has no
 * catalog or it does not answer in time: then the buckets are asked. Never throws.
 */
export async function remembered({ catalog, clock }: Vault, limit: number): Promise<Remembered | undefined> {
  if (!catalog) return undefined;
  // one more: the state is the first of them
  const asked = catalog.find({ sort: { by: 'id', order: 'descending' }, limit: limit + 1 });
  const late = () => new DrError('STORE_UNAVAILABLE', 'transient', 'The control store does not answer.');
  const found = await within(asked, { clock, ms: PATIENCE_MS, late }).catch(() => undefined);
  return found && contentsOf(found);
}

function contentsOf(found: readonly Stored<CatalogRecord>[]): Remembered {
  const records = found.map(({ value }) => value);
  return {
    entries: records.flatMap((record) => entryIn(record) ?? []),
    state: records.flatMap((record) => stateIn(record) ?? [])[0],
  };
}

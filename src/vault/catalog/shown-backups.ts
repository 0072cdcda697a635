import { DrError } from '#core';
import { listBackups } from '../backup-catalog.ts';
import { type BackupList, type BackupListing, placeOfListing } from '../backup-listing.ts';
import { heldSomewhere } from '../holds.ts';
import type { Vault } from '../vault.ts';
import { listingOf, placeIn } from './entry.ts';
import { idOf } from './record.ts';
import { remembered } from './remembered.ts';

/** Backups for showing. */
export interface ShownBackups extends BackupList {
  /** Whether somebody holds it. Never throws. */
  readonly isHeld: (listing: BackupListing) => Promise<boolean>;
  /** When the catalog was last compared with the buckets; undefined when the buckets themselves were asked. */
  readonly comparedAt: Date | undefined;
}

/**
 * The newest backups as the catalog has them: one query of the control store, and no bucket is asked. For people to look
 * at; whoever decides something asks `listBackups`. Without a catalog that answers and was compared at least once, the
 * buckets are asked, and it throws as `listBackups` does.
 */
export async function shownBackups(vault: Vault, { limit }: { readonly limit: number }): Promise<ShownBackups> {
  const known = await remembered(vault, limit);
  if (!known?.state) {
    const list = await listBackups(vault, { limit });
    return { ...list, isHeld: (one) => heldSomewhere(vault, placeOfListing(one)), comparedAt: undefined };
  }
  const { at, silent } = known.state.newest;
  const held = new Set(known.entries.filter((entry) => entry.held).map((entry) => idOf(placeIn(entry))));
  return {
    backups: known.entries.slice(0, limit).map((entry) => listingOf(entry)),
    unreachable: silent.map(({ region, problem }) => ({
      region,
      problem: new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', problem),
    })),
    isHeld: async (one) => held.has(idOf(placeOfListing(one))),
    comparedAt: at,
  };
}

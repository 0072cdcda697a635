import { asDrError, DrError } from '#core';
import { type Found, headerIn } from '../backup-catalog.ts';
import { newestCheck } from '../backup-check.ts';
import type { ManifestHeader } from '../manifest.ts';
import { openManifest } from '../open-backup.ts';
import { isUnavailable, type Vault } from '../vault.ts';
import { type CatalogEntry, isMarkedAs, shortCheck } from './entry.ts';
import type { NewestChecks } from './newest-checks.ts';
import { idOf } from './record.ts';

/** What is known of all backups before one is looked at. */
export interface Surroundings {
  readonly checks: NewestChecks;
  /** Undefined where that could not be asked everywhere. */
  readonly isHeld: boolean | undefined;
  /** Regions that do not answer: what only they have is as it was. */
  readonly silent: readonly string[];
  /** Whether everything is read, whatever is known. */
  readonly anew: boolean;
}

/**
 * A backup as the buckets have it now. Of what was known before, a proved manifest is kept while its marks in the buckets
 * are the same, and a check while it is the newest; all else is read. Throws a transient error when every region that has
 * it stopped answering.
 */
export async function lookAtBackup(
  vault: Vault,
  found: Found,
  before: CatalogEntry | undefined,
  { checks, isHeld, silent, anew }: Surroundings,
): Promise<CatalogEntry> {
  const { place, marks } = found;
  const isKnown = !anew && before?.manifest.state === 'proved' && isMarkedAs(before, found);
  const kept = Object.entries(before?.copies ?? {}).filter(([region]) => silent.includes(region));
  return {
    ...place,
    seenAt: vault.clock.now(),
    copies: { ...Object.fromEntries(kept), ...marks },
    manifest: isKnown ? before.manifest : await readManifest(vault, found),
    check: await checkOf(found, anew ? undefined : before, checks),
    held: isHeld ?? before?.held ?? false,
  };
}

async function checkOf(
  { place, stores }: Found,
  before: CatalogEntry | undefined,
  { keys, isPartial }: NewestChecks,
): Promise<CatalogEntry['check']> {
  const key = keys.get(idOf(place)) ?? null;
  const isNewest = before?.check.key === key || (isPartial && (before?.check.key ?? '') > (key ?? ''));
  if (before && isNewest) return before.check;
  const check = key === null ? undefined : await newestCheck(stores, place);
  return { key, said: check ? shortCheck(check) : null };
}

/** Opened where a key service opens it; else as it can be read. */
async function readManifest(vault: Vault, { place, stores }: Found): Promise<CatalogEntry['manifest']> {
  const whyNotOpened = await open(vault, { place, stores });
  if (!(whyNotOpened instanceof DrError)) return { state: 'proved', header: whyNotOpened };
  const failures: DrError[] = [];
  for (const store of stores) {
    try {
      return { state: 'read', header: await headerIn(store, place), problem: whyNotOpened.message };
    } catch (thrown) {
      failures.push(asDrError(thrown));
    }
  }
  const told = failures.find((failure) => !isUnavailable(failure));
  if (!told) throw failures[0] ?? whyNotOpened;
  return { state: 'unreadable', code: told.code, problem: told.message };
}

async function open(
  vault: Vault,
  { place, stores }: Pick<Found, 'place' | 'stores'>,
): Promise<ManifestHeader | DrError> {
  const [first, ...others] = stores;
  if (!first) return new DrError('NOT_FOUND', 'permanent', 'No region has it.');
  try {
    const { manifest, key } = await openManifest({ ...vault, stores: [first, ...others] }, place);
    key.forget();
    return manifest.header;
  } catch (thrown) {
    return asDrError(thrown);
  }
}

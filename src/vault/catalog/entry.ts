import { z } from 'zod';
import { BackupId, canonicalJson, DrError, ERROR_CODES, Region } from '#core';
import { BackupCheck } from '../backup-check.ts';
import type { BackupListing } from '../backup-listing.ts';
import type { BackupPlace } from '../format.ts';
import { ManifestHeader } from '../manifest.ts';
import { type CatalogRecord, idOf, STATE_ID } from './record.ts';

/** What the catalog remembers of a backup: what the buckets had when it was last looked at. */
export const CatalogEntry = z.object({
  year: z.number().int(),
  backup: BackupId,
  /** When a region was last seen to have it. An entry that a later comparison left as it was, was seen then too. */
  seenAt: z.coerce.date(),
  /** The manifest's mark (ETag) in each region that has it. */
  copies: z.record(Region, z.string()),
  manifest: z.discriminatedUnion('state', [
    /** Opened with its data key, so every byte of it is authentic. */
    z.object({ state: z.literal('proved'), header: ManifestHeader }),
    /** Only read: no region's copy could be opened. */
    z.object({ state: z.literal('read'), header: ManifestHeader, problem: z.string() }),
    z.object({ state: z.literal('unreadable'), code: z.enum(ERROR_CODES), problem: z.string() }),
  ]),
  check: z.object({
    /** The newest one's key; null where there is none. */
    key: z.string().nullable(),
    /** What it says; null where that can't be read. */
    said: BackupCheck.nullable(),
  }),
  held: z.boolean(),
});
export type CatalogEntry = z.output<typeof CatalogEntry>;

/** Of a check's findings so many are kept here: lists show the first. */
const FINDINGS = 20;

export const shortCheck = (check: BackupCheck): BackupCheck => ({
  ...check,
  damage: check.damage.slice(0, FINDINGS),
  healed: check.healed.slice(0, FINDINGS),
});

/** The entry in a record; undefined when what is in it is none, or another backup's. */
export function entryIn({ id, content }: CatalogRecord): CatalogEntry | undefined {
  if (id === STATE_ID) return undefined;
  const entry = CatalogEntry.safeParse(content);
  return entry.success && idOf(entry.data) === id ? entry.data : undefined;
}

/** As the record is written: dates as text, so that two equal entries are equal as JSON. */
export const recordOf = (entry: CatalogEntry): CatalogRecord => ({
  id: idOf(entry),
  content: JSON.parse(JSON.stringify(entry)),
});

/** An entry as lists show it. `check` and `regions`: where they are known better than the entry has them. */
export function listingOf(
  { year, backup, copies, manifest, check }: CatalogEntry,
  {
    regions = Object.keys(copies).map((region) => Region.parse(region)),
    said = check.said ?? undefined,
  }: { readonly regions?: readonly Region[]; readonly said?: BackupCheck | undefined } = {},
): BackupListing {
  if (manifest.state !== 'unreadable') {
    return { state: said?.verdict ?? 'NOT YET VERIFIED', header: manifest.header, regions, check: said };
  }
  const problem = new DrError(manifest.code, 'permanent', manifest.problem);
  return { state: 'UNREADABLE', place: { year, backup }, regions, problem };
}

export const placeIn = ({ year, backup }: CatalogEntry): BackupPlace => ({ year, backup });

/** Whether every copy that was listed just now has the bytes that the entry was made of. */
export const isMarkedAs = (
  { copies }: CatalogEntry,
  { marks }: { readonly marks: Readonly<Record<Region, string>> },
): boolean => {
  const known = new Map<string, string>(Object.entries(copies));
  return Object.entries(marks).every(([region, mark]) => known.get(region) === mark);
};

/** Whether two say the same, whenever it was seen. */
export const isSameEntry = (one: CatalogEntry, other: CatalogEntry): boolean =>
  canonicalJson({ ...one, seenAt: null }) === canonicalJson({ ...other, seenAt: null });

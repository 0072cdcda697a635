import { z } from 'zod';
import { BackupId, Region } from '#core';
import { type CatalogRecord, STATE_ID } from './record.ts';

/** Of many the count, and the newest by name. */
const Named = z.object({ count: z.number().int(), first: z.array(BackupId) });
export type Named = z.output<typeof Named>;

const Troubled = z.object({
  count: z.number().int(),
  first: z.array(z.object({ backup: BackupId, problem: z.string() })),
});
export type Troubled = z.output<typeof Troubled>;

/** What comparing the catalog with the buckets came to. All that differed was put right by it. */
export const Comparison = z.object({
  at: z.coerce.date(),
  /** Whether every manifest was read and opened, or only those that the catalog did not know as they are. */
  everything: z.boolean(),
  /** Backups in the catalog afterwards. */
  entries: z.number().int(),
  newest: BackupId.nullable(),
  added: Named,
  changed: Named,
  gone: Named,
  /** Of those in the catalog: no region's manifest could be read. */
  unreadable: Troubled,
  /** Read, but no copy could be opened with its key. */
  unproved: Troubled,
  /** Not looked at, because every region that has them stopped answering: as the catalog had them before. */
  unseen: Troubled,
  silent: z.array(z.object({ region: Region, problem: z.string() })),
});
export type Comparison = z.output<typeof Comparison>;

/** The newest comparison, and the newest that had to put something right. */
export const CatalogState = z.object({ newest: Comparison, mended: Comparison.nullable() });
export type CatalogState = z.output<typeof CatalogState>;

/** How many differences a comparison put right. */
export const mendedBy = ({ added, changed, gone }: Comparison): number => added.count + changed.count + gone.count;

/** The state in its record; undefined when that is another record or can't be read. */
export const stateIn = ({ id, content }: CatalogRecord): CatalogState | undefined =>
  id === STATE_ID ? CatalogState.safeParse(content).data : undefined;

const KEPT = 20;

export const named = (backups: readonly BackupId[]): Named => ({
  count: backups.length,
  first: backups.slice(0, KEPT),
});

export const troubled = (of: Troubled['first']): Troubled => ({ count: of.length, first: of.slice(0, KEPT) });

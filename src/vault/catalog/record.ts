import { z } from 'zod';
import type { ControlStore, Records } from '#ports';
import type { BackupPlace } from '../format.ts';

/**
 * One backup in the control store, and under STATE_ID how the newest comparison went. The content has no form here: a
 * record that was spoilt, or that another version of Holdfast wrote, must not keep anybody from reading the others.
 */
export const CatalogRecord = z.object({ id: z.string(), content: z.unknown() });
export type CatalogRecord = z.output<typeof CatalogRecord>;

/** The catalog of backups: a cache of what the buckets have, made again from them whenever it is lost. */
export type BackupCatalog = Records<CatalogRecord>;

/** The catalog in this store; empty until it was compared with the buckets for the first time. */
export const openCatalog = (store: ControlStore): BackupCatalog => store.records('backups', CatalogRecord);

/** Sorts behind every year: a list from the end has it first. */
export const STATE_ID = 'state';

/** `2026/B-1123-0800`: sorts by age. */
export const idOf = ({ year, backup }: BackupPlace): string => `${String(year).padStart(4, '0')}/${backup}`;

/** More than seven years of a backup an hour. */
export const MOST_ENTRIES = 100_000;

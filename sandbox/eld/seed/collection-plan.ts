import type { CreateCollectionOptions, Document, IndexDescription } from 'mongodb';
import type { Random } from './random.ts';

/** One collection of the company. */
export type CollectionPlan = {
  readonly name: string;
  /** What makes it worth having in a backup test. */
  readonly why: string;
  readonly options?: CreateCollectionOptions;
  readonly indexes?: readonly IndexDescription[];
  readonly count: number;
  /** The document number `n`; a Map where the order of integer-like keys matters. */
  readonly document: (n: number, random: Random, now: number) => Document | Map<string, unknown>;
};

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export const numbered = (prefix: string, n: number): string => `${prefix}-${String(n + 1).padStart(4, '0')}`;

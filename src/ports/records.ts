import type { z } from 'zod';
import { DrError } from '#core';

/** What a record is kept under; every record has one, and it never changes. */
export interface Identified {
  readonly id: string;
}

/** A record as read: the value and the revision that a later `replace` must still find. */
export interface Stored<T> {
  readonly value: T;
  readonly revision: number;
}

/** A condition on one top-level field. A bare value means equality. */
export type Condition<V> =
  | V
  | { readonly in: readonly V[] }
  | { readonly above: V }
  | { readonly atLeast: V }
  | { readonly below: V };

export interface Query<T> {
  readonly where?: { readonly [K in keyof T]?: Condition<T[K]> };
  readonly sort?: { readonly by: keyof T & string; readonly order: 'ascending' | 'descending' };
  /** At most this many; no default, so that no caller loads a year by accident. */
  readonly limit: number;
}

/**
 * A set of records in the control store, changed only by compare-and-set. Everything Holdfast decides
 * (an approval, a step's end, a claimed deadline) is one successful `replace` of one record, so ten processes
 * that decide at once decide once.
 *
 * Every write is durable on a majority of the control store's members before it resolves; every read is a
 * majority read. Failures to reach the store are STORE_UNAVAILABLE (transient): the write may or may not have
 * happened, and doing it again is safe because ids and revisions make it so.
 */
export interface Records<T extends Identified> {
  /** Adds a record. Throws ALREADY_EXISTS (permanent, `data.field` says which unique field) and changes nothing. */
  insert(value: T): Promise<void>;
  /** The record, or undefined. Values that do not fit the schema throw a `bug`: somebody wrote by hand. */
  get(id: string): Promise<Stored<T> | undefined>;
  find(query: Query<T>): Promise<Stored<T>[]>;
  /** Writes `next` if the record still has `seen.revision`; false, and no change, when somebody was faster. */
  replace(seen: Stored<T>, next: T): Promise<boolean>;
  /** Removes the record if it still has that revision; false when somebody was faster. */
  remove(seen: Stored<T>): Promise<boolean>;
}

/** The control store: Holdfast's own state, in its own replica set, never in the one it protects. */
export interface ControlStore {
  /**
   * Opens a set of records. `unique` names further fields that no two records may share; `indexed` names fields
   * that queries filter or sort by.
   */
  records<T extends Identified>(
    name: string,
    schema: z.ZodType<T>,
    options?: { readonly unique?: readonly (keyof T & string)[]; readonly indexed?: readonly (keyof T & string)[] },
  ): Records<T>;
  /** The next number of a counter, starting at 1. Never gives a number twice; may skip some after a crash. */
  nextNumber(counter: string): Promise<number>;
  /** The store's own clock: deadlines are compared with this one, never with a machine's. */
  now(): Promise<Date>;
}

/** Adds a record unless one like it is there; false, and no change, when it is. Repeatable: who was faster wrote the same. */
export async function insertNew<T extends Identified>(records: Records<T>, value: T): Promise<boolean> {
  try {
    await records.insert(value);
    return true;
  } catch (thrown) {
    if (thrown instanceof DrError && thrown.code === 'ALREADY_EXISTS') return false;
    throw thrown;
  }
}

/**
 * Reads, changes and writes one record until no one was faster. `change` returns the next value, or undefined to
 * leave it as it is; it may be called several times and must have no effects.
 * Returns the value after the change, or undefined when the record does not exist.
 */
export async function changeRecord<T extends Identified>(
  records: Records<T>,
  id: string,
  change: (current: T) => T | undefined,
): Promise<T | undefined> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const seen = await records.get(id);
    if (!seen) return undefined;
    const next = change(seen.value);
    if (next === undefined) return seen.value;
    if (await records.replace(seen, next)) return next;
  }
  throw new DrError('STORE_UNAVAILABLE', 'transient', `${id} changed a hundred times while it was being changed.`);
}

import type { z } from 'zod';
import { type Clock, canonicalJson, DrError } from '#core';
import type { ControlStore, Identified, Query, Records, Stored } from '#ports';
import { compareValues, matches } from './match.ts';

interface RecordsOptions<T> {
  readonly unique?: readonly (keyof T & string)[];
}

/** A control store in this process: the same promises, without their durability. For tests and dry runs. */
export function memoryControlStore(clock: Clock): ControlStore {
  const sets = new Map<string, Map<string, Stored<unknown>>>();
  const counters = new Map<string, number>();
  return {
    records: (name, schema, options = {}) => {
      const set = sets.get(name) ?? new Map<string, Stored<unknown>>();
      sets.set(name, set);
      return memoryRecords(name, set, schema, options);
    },
    nextNumber: async (counter) => {
      const next = (counters.get(counter) ?? 0) + 1;
      counters.set(counter, next);
      return next;
    },
    now: async () => clock.now(),
  };
}

function memoryRecords<T extends Identified>(
  name: string,
  set: Map<string, Stored<unknown>>,
  schema: z.ZodType<T>,
  { unique = [] }: RecordsOptions<T>,
): Records<T> {
  const parsed = (id: string, value: unknown): T => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new DrError('UNEXPECTED', 'bug', `${name} ${id} does not fit its schema: ${result.error.message}`);
  };
  // Copied at each border, so that nobody changes a stored value by keeping it.
  const copy = (id: string, value: unknown): T => parsed(id, structuredClone(withoutUndefined(value)));
  const read = (id: string, { value, revision }: Stored<unknown>): Stored<T> => ({ value: copy(id, value), revision });
  const holds = (seen: Stored<T>): boolean => set.get(seen.value.id)?.revision === seen.revision;

  const refuseDuplicates = (value: T): void => {
    for (const field of unique) {
      const taken = [...set].find(([id, other]) => id !== value.id && same(value[field], fieldOf(other.value, field)));
      if (taken) throw alreadyExists(name, field, value);
    }
  };

  return {
    insert: async (value) => {
      const kept = copy(value.id, value);
      if (set.has(value.id)) throw alreadyExists(name, 'id', value);
      refuseDuplicates(kept);
      set.set(value.id, { value: kept, revision: 1 });
    },
    get: async (id) => {
      const stored = set.get(id);
      return stored ? read(id, stored) : undefined;
    },
    find: async ({ where, sort, limit }: Query<T>) => {
      const found = [...set]
        .filter(([, stored]) => matches(stored.value, where))
        .map(([id, stored]) => read(id, stored));
      if (sort) {
        const direction = sort.order === 'ascending' ? 1 : -1;
        const by = (a: Stored<T>, b: Stored<T>) =>
          compareValues(a.value[sort.by], b.value[sort.by]) || compareValues(a.value.id, b.value.id);
        found.sort((a, b) => direction * by(a, b));
      }
      return found.slice(0, limit);
    },
    replace: async (seen, next) => {
      if (next.id !== seen.value.id) throw new DrError('UNEXPECTED', 'bug', `A record's id can't change (${next.id}).`);
      const kept = copy(next.id, next);
      if (!holds(seen)) return false;
      refuseDuplicates(kept);
      set.set(next.id, { value: kept, revision: seen.revision + 1 });
      return true;
    },
    remove: async (seen) => holds(seen) && set.delete(seen.value.id),
  };
}

const fieldOf = (value: unknown, field: string): unknown => (value as Record<string, unknown>)[field];

/** A unique index counts a missing field as null, as MongoDB does. */
const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

/** Members that are undefined are not stored, as in the real store. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutUndefined(member)]));
}

function alreadyExists(name: string, field: string, value: Identified): DrError {
  const message = `${name} has a record with this ${field} already (${value.id}).`;
  return new DrError('ALREADY_EXISTS', 'permanent', message, { data: { field } });
}

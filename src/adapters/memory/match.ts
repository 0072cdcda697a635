import { canonicalJson } from '#core';
import type { Query } from '#ports';

/** Whether a value fulfils a query's conditions, by MongoDB's rules: only values of one type are compared. */
export function matches<T>(value: unknown, where: Query<T>['where'] = {}): boolean {
  const fields = value as Record<string, unknown>;
  return Object.entries(where).every(([field, condition]) => condition === undefined || fits(fields[field], condition));
}

function fits(value: unknown, condition: unknown): boolean {
  if (typeof condition === 'object' && condition !== null && !(condition instanceof Date)) {
    if ('in' in condition) return (condition.in as unknown[]).some((each) => equal(value, each));
    if ('above' in condition) return comparable(value, condition.above) && compareValues(value, condition.above) > 0;
    if ('atLeast' in condition)
      return comparable(value, condition.atLeast) && compareValues(value, condition.atLeast) >= 0;
    if ('below' in condition) return comparable(value, condition.below) && compareValues(value, condition.below) < 0;
  }
  return equal(value, condition);
}

const equal = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

const comparable = (a: unknown, b: unknown): boolean => rank(a) === rank(b);

/** MongoDB's order of types, as far as records use them. */
function rank(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 2;
  if (value instanceof Date) return 5;
  return typeof value === 'boolean' ? 4 : 3;
}

/** Orders two values as a sort of the control store does: missing first, then by type, then by value. */
export function compareValues(a: unknown, b: unknown): number {
  const ranks = rank(a) - rank(b);
  if (ranks !== 0) return ranks;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  const [left, right] = [Number(a ?? 0), Number(b ?? 0)];
  return left < right ? -1 : left > right ? 1 : 0;
}

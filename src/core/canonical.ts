import { createHash } from 'node:crypto';
import { DrError } from './errors.ts';
import { Sha256 } from './ids.ts';

/**
 * One text for one value: keys sorted, no spaces, dates as ISO strings, `undefined` members left out.
 * Approvals are bound to the hash of this text, so two processes must never write the same facts differently.
 * Throws a `bug` for what JSON would silently lose (NaN, Infinity, functions, bigint).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new DrError('UNEXPECTED', 'bug', `A ${typeof value} has no canonical form.`);
}

/** SHA-256 of a text or bytes. */
export function sha256(data: string | Uint8Array): Sha256 {
  return Sha256.parse(createHash('sha256').update(data).digest('hex'));
}

/** SHA-256 of a value's canonical text. */
export const hashOf = (value: unknown): Sha256 => sha256(canonicalJson(value));

/** `9f3c-21ab`: the first 32 bits of a hash, for people to compare aloud. Never compared by code. */
export const shortHash = (hash: Sha256): string => `${hash.slice(0, 4)}-${hash.slice(4, 8)}`;

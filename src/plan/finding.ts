import type { z } from 'zod';

export type Issue = z.core.$ZodIssue;

/** What is wrong at a path, before it has a line. `at` says whether the key or the value is meant. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly at: 'key' | 'value';
  readonly sentence: string;
}

/** `missing`: it is not there at all. `instead`: the key that was probably meant. */
export type Explained = Finding & { readonly missing?: boolean; readonly instead?: readonly PropertyKey[] };

/** zod's words for kinds of values, for people. */
export const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

/** What was written, as it was written: texts in quotes, numbers bare, long things cut. */
export function quote(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const oneLine = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return `"${oneLine.length > 40 ? `${oneLine.slice(0, 37)}...` : oneLine}"`;
}

import type { z } from 'zod';
import { closest } from '#core';
import { fileKeyPath, toFileKey } from './key-names.ts';
import { keysAt } from './schema-keys.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong at a path, before it has a line. `at` says whether the key or the value is meant. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly at: 'key' | 'value';
  readonly sentence: string;
}

/** zod's issues in sentences a person can act on. A misspelled key is told once, not again as a missing one. */
export function explainIssues(schema: z.core.$ZodType, issues: readonly Issue[]): Finding[] {
  const findings = issues.flatMap((issue) => explain(schema, issue));
  const meant = new Set(findings.flatMap(({ instead }) => (instead === undefined ? [] : [fileKeyPath(instead)])));
  return findings.filter(({ path, missing }) => !(missing && meant.has(fileKeyPath(path))));
}

type Explained = Finding & { readonly missing?: boolean; readonly instead?: readonly PropertyKey[] };

function explain(schema: z.core.$ZodType, issue: Issue): Explained[] {
  const { path } = issue;
  const value = (sentence: string): Explained[] => [{ path, at: 'value', sentence }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(schema, path, key));
    case 'invalid_type':
      if (issue.input === undefined) return [{ path, at: 'value', sentence: 'is missing.', missing: true }];
      return value(`${quote(issue.input)} is not ${NOUNS[issue.expected] ?? `a ${issue.expected}`}.`);
    case 'invalid_value': {
      if (issue.input === undefined) return [{ path, at: 'value', sentence: 'is missing.', missing: true }];
      return value(notOneOf(issue.input, issue.values.map(String)));
    }
    case 'invalid_format':
      return value(`${quote(issue.input)} is not ${noun(issue)}.`);
    case 'too_small':
    case 'too_big':
      return value(sayBound(issue));
    case 'invalid_union':
      return explainUnion(schema, issue);
    case 'invalid_key':
      return [{ path, at: 'key', sentence: `${quote(path.at(-1))} is not ${noun(issue.issues[0])}.` }];
    case 'custom':
      return value(issue.message);
    default:
      return value(`${issue.message}.`);
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

function unknownKey(schema: z.core.$ZodType, path: readonly PropertyKey[], key: string): Explained {
  const known = keysAt(schema, path).map(toFileKey);
  const meant = closest(toFileKey(key), known);
  const fix = meant === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${meant}?`;
  const sentence = `is not a key Holdfast knows. ${fix}`;
  const full = [...path, key];
  if (meant === undefined) return { path: full, at: 'key', sentence };
  return { path: full, at: 'key', sentence, instead: [...path, meant] };
}

/** The branch of a union that the writer most likely meant is the one that understood most. */
function explainUnion(schema: z.core.$ZodType, issue: Extract<Issue, { code: 'invalid_union' }>): Explained[] {
  if (issue.errors.length === 0) return [{ path: issue.path, at: 'value', sentence: discriminator(issue) }];
  const branches = issue.errors.map((branch) =>
    branch.flatMap((inner) => explain(schema, { ...inner, path: [...issue.path, ...inner.path] })),
  );
  const entered = issue.errors.findIndex((branch) =>
    branch.every(
      (inner) =>
        inner.path.length > 0 ||
        (inner.code === 'unrecognized_keys' && inner.keys.some((key) => !branchKnows(issue, key))),
    ),
  );
  const chosen = branches[entered];
  if (chosen !== undefined) return chosen;
  const sentence = branches
    .map(([first]) => first?.sentence ?? '')
    .filter((text, index, all) => text !== '' && all.indexOf(text) === index)
    .map((text) => text.replace(/[.]$/, ''))
    .join(', and ');
  return [{ path: issue.path, at: 'value', sentence: `${sentence}.` }];
}

const branchKnows = (issue: Extract<Issue, { code: 'invalid_union' }>, key: string): boolean =>
  issue.errors.some((branch) =>
    branch.every((inner) => inner.code !== 'unrecognized_keys' || !inner.keys.includes(key)),
  );

function discriminator(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const given = 'discriminator' in issue ? String(issue.discriminator) : 'kind';
  return `has no ${given} that Holdfast knows.`;
}

/** `"us-wset-2" is not one of a, b. Did you mean a?` */
export function notOneOf(given: unknown, known: readonly string[]): string {
  const meant = typeof given === 'string' ? closest(given, known) : undefined;
  const list = known.length === 1 ? `can only be ${known[0]}.` : `is not one of ${known.join(', ')}.`;
  return `${quote(given)} ${list}${meant === undefined || known.length === 1 ? '' : ` Did you mean ${meant}?`}`;
}

/** Patterns carry a noun phrase ("a bucket name (...)"); zod's own texts start with a capital and are not for people. */
function noun(issue: { readonly message: string; readonly format?: string } | undefined): string {
  if (issue === undefined) return 'written in the right form';
  if (/^an? .* looks like /.test(issue.message)) return `right: ${issue.message}`;
  if (/^an? /.test(issue.message)) return issue.message;
  if (issue.format === 'url') return 'an address like https://eld.example/stats';
  if (issue.format === 'date') return 'a day like 2026-12-25';
  return 'an id (small letters, digits and dashes, like john-smith)';
}

function sayBound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const least = issue.code === 'too_small';
  const bound = least ? issue.minimum : issue.maximum;
  if (issue.origin === 'array') return least ? `needs at least ${bound}.` : `may have at most ${bound}.`;
  if (issue.origin === 'string') return least ? 'is empty.' : `is longer than ${bound} characters.`;
  const strict = issue.inclusive === false ? (least ? 'more than' : 'less than') : least ? 'at least' : 'at most';
  return `${quote(issue.input)} must be ${strict} ${bound}.`;
}

/** What was written, as it was written: texts in quotes, numbers bare, long things cut. */
export function quote(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const oneLine = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return `"${oneLine.length > 40 ? `${oneLine.slice(0, 37)}...` : oneLine}"`;
}

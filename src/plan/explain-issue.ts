import type { z } from 'zod';
import { closest } from '#core';
import { explainUnion } from './explain-union.ts';
import { type Explained, type Finding, type Issue, NOUNS, quote } from './finding.ts';
import { fileKeyPath, toFileKey } from './key-names.ts';
import { keysAt } from './schema-keys.ts';

/** zod's issues in sentences a person can act on. A misspelled key is told once, not again as a missing one. */
export function explainIssues(schema: z.core.$ZodType, issues: readonly Issue[]): Finding[] {
  const findings = issues.flatMap((issue) => explain(schema, issue));
  const meant = new Set(findings.flatMap(({ instead }) => (instead === undefined ? [] : [fileKeyPath(instead)])));
  return findings.filter(({ path, missing }) => !(missing && meant.has(fileKeyPath(path))));
}

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
      return explainUnion(schema, issue, explain);
    case 'invalid_key':
      return [{ path, at: 'key', sentence: `${quote(path.at(-1))} is not ${noun(issue.issues[0])}.` }];
    case 'custom':
      return value(issue.message);
    default:
      return value(`${issue.message}.`);
  }
}

function unknownKey(schema: z.core.$ZodType, path: readonly PropertyKey[], key: string): Explained {
  const known = keysAt(schema, path).map(toFileKey);
  const meant = closest(toFileKey(key), known);
  // A union's other branch may know the very key: then it stands in the wrong kind of group.
  if (meant === toFileKey(key)) return { path: [...path, key], at: 'key', sentence: 'does not belong in this group.' };
  const fix = meant === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${meant}?`;
  const sentence = `is not a key Holdfast knows. ${fix}`;
  const full = [...path, key];
  if (meant === undefined) return { path: full, at: 'key', sentence };
  return { path: full, at: 'key', sentence, instead: [...path, meant] };
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
  if (issue.format === 'datetime') return 'a time like 2026-12-24T08:00:00-05:00';
  if (issue.format === 'date') return 'a day like 2026-12-25';
  return 'an id (small letters, digits and dashes, like john-smith)';
}

function sayBound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const least = issue.code === 'too_small';
  const bound = least ? issue.minimum : issue.maximum;
  if (issue.origin === 'array') return least ? 'is an empty list.' : `may have at most ${bound} entries.`;
  if (issue.origin === 'string') return least ? 'is empty.' : `is longer than ${bound} characters.`;
  const strict = issue.inclusive === false ? (least ? 'more than' : 'less than') : least ? 'at least' : 'at most';
  return `${quote(issue.input)} must be ${strict} ${bound}.`;
}

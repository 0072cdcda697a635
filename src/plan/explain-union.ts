import type { z } from 'zod';
import { closest } from '#core';
import { type Explained, type Issue, NOUNS, quote } from './finding.ts';
import { joinWords } from './roster-reading.ts';
import { valuesAt } from './schema-keys.ts';

type Union = Extract<Issue, { code: 'invalid_union' }>;
type Explain = (schema: z.core.$ZodType, issue: Issue) => Explained[];

/** What is wrong where several shapes go: told of the shape the writer most likely meant, or what could stand there. */
export function explainUnion(schema: z.core.$ZodType, issue: Union, explain: Explain): Explained[] {
  if (issue.errors.length === 0) return [unknownKind(schema, issue)];
  const branches = branchesOf(issue);
  const entered = branches
    .filter((branch) => branch.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'))
    .map((branch) => branch.flatMap((inner) => explain(schema, { ...inner, path: [...issue.path, ...inner.path] })))
    .sort((a, b) => a.length - b.length || hints(b) - hints(a));
  const [meant] = entered;
  if (meant) return meant;
  const words = branches.flatMap(([first]) => (first?.code === 'invalid_value' ? first.values.map(String) : []));
  const nouns = branches.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [NOUNS[first.expected] ?? first.expected] : [],
  );
  const near = typeof issue.input === 'string' ? closest(issue.input, words) : undefined;
  const can = joinWords([...new Set([...words, ...nouns])], 'or');
  const fix = near === undefined ? '' : ` Did you mean ${near}?`;
  return [{ path: issue.path, at: 'value', sentence: `${quote(issue.input)} is not ${can}.${fix}` }];
}

const hints = (branch: readonly Explained[]): number => branch.filter(({ instead }) => instead !== undefined).length;

/** A union within a union is one choice for people. */
function branchesOf({ errors }: Pick<Union, 'errors'>): Issue[][] {
  return errors.flatMap((branch) => {
    const [only] = branch;
    if (branch.length === 1 && only?.code === 'invalid_union' && only.path.length === 0) return branchesOf(only);
    return [[...branch]];
  });
}

function unknownKind(schema: z.core.$ZodType, { path, input }: Union): Explained {
  const known = valuesAt(schema, path);
  // The path ends in the deciding key, the input is the group it stands in.
  const group = typeof input === 'object' && input !== null ? input : {};
  const word: unknown = Object.getOwnPropertyDescriptor(group, path.at(-1) ?? '')?.value;
  const near = typeof word === 'string' ? closest(word, known) : undefined;
  const given = word === undefined ? 'is missing' : `${quote(word)} is not one of ${known.join(', ')}`;
  return { path, at: 'value', sentence: `${given}.${near === undefined ? '' : ` Did you mean ${near}?`}` };
}

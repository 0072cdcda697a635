import { isMap, isScalar, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import type { z } from 'zod';
import { DrError, type Sha256 } from '#core';
import { checkApprovals } from './check-approvals.ts';
import { checkDuty } from './check-duty.ts';
import { checkOtherClusters } from './check-other-clusters.ts';
import { checkPromises } from './check-promises.ts';
import { checkReferences } from './check-references.ts';
import { checkRegions } from './check-regions.ts';
import { checkRoster } from './check-roster.ts';
import { checkVeto } from './check-veto.ts';
import { explainIssues } from './explain-issue.ts';
import type { Finding } from './finding.ts';
import { fileKeyPath, toFileKey, withCodeKeys } from './key-names.ts';
import { type PlanMistake, sayMistakes } from './mistakes.ts';
import { Plan } from './plan.ts';
import { planHash } from './plan-hash.ts';
import { positionsIn } from './positions.ts';
import type { PlanSections } from './sections.ts';

export interface LoadedPlan {
  readonly plan: Plan;
  /** Of what the plan says; comments and spacing do not count. */
  readonly hash: Sha256;
  readonly file: string;
}

/**
 * Reads the text of a plan. Pure.
 * Throws PLAN_INVALID (user) that names every mistake at once with line and column; `data.mistakes` holds them.
 */
export function parsePlan(text: string, file: string): LoadedPlan {
  const read = readPlan(text);
  if (read.kind === 'plan') return { plan: read.plan, hash: planHash(read.plan), file };
  throw new DrError('PLAN_INVALID', 'user', sayMistakes(file, read.mistakes), {
    hint: 'dr plan check',
    data: { mistakes: read.mistakes },
  });
}

type Read =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'mistakes'; readonly mistakes: PlanMistake[] };

/** The plan, or everything that is wrong with it. */
export function readPlan(text: string): Read {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) return { kind: 'mistakes', mistakes: syntaxMistakes(text, document.errors, lines) };
  if (!isMap(document.contents)) {
    return { kind: 'mistakes', mistakes: [{ line: 1, column: 1, path: '', sentence: 'The file holds no plan.' }] };
  }
  const spelled = codeKeysInFile(document, lines);
  if (spelled.length > 0) return { kind: 'mistakes', mistakes: spelled };

  const value = withCodeKeys(document.toJS());
  const { sections, findings } = understand(value);
  const positions = positionsIn(document, lines);
  const all = [...findings, ...(findings.some(isUnreadable) ? [] : crossChecks(sections))];
  if (all.length === 0) return { kind: 'plan', plan: Plan.parse(value) };
  const mistakes = all.map(({ path, at, sentence }) => ({
    ...(at === 'key' ? positions.ofKey(path) : positions.ofValue(path)),
    path: fileKeyPath(path),
    sentence,
  }));
  return { kind: 'mistakes', mistakes };
}

const isUnreadable = ({ path }: Finding): boolean => path.length === 0;

/**
 * Section by section, so that a slip in one does not hide the mistakes of the others. A section with a slip is read
 * again without what is wrong in it: a mistyped account should not hide that nobody can approve a failover.
 */
function understand(value: unknown): { sections: PlanSections; findings: Finding[] } {
  const whole = Plan.safeParse(value, { reportInput: true });
  if (whole.success) return { sections: whole.data, findings: [] };
  const sections = Object.fromEntries(
    Object.entries(Plan.shape).flatMap(([key, schema]) => {
      const member = memberOf(value, key);
      const first = schema.safeParse(member);
      const section = first.success ? first : schema.safeParse(without(member, first.error.issues));
      return section.success ? [[key, section.data]] : [];
    }),
  );
  return { sections, findings: explainIssues(Plan, whole.error.issues) };
}

function without(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const issue of issues) {
    const [keys, path] =
      issue.code === 'unrecognized_keys' ? [issue.keys, issue.path] : [issue.path.slice(-1), issue.path.slice(0, -1)];
    const group = path.reduce<unknown>((node, part) => memberOf(node, part), copy);
    if (typeof group === 'object' && group !== null) for (const key of keys) Reflect.deleteProperty(group, key);
  }
  return copy;
}

const memberOf = (node: unknown, part: PropertyKey): unknown =>
  typeof node === 'object' && node !== null ? Object.getOwnPropertyDescriptor(node, part)?.value : undefined;

function crossChecks(sections: PlanSections): Finding[] {
  return [
    checkReferences,
    checkRegions,
    checkRoster,
    checkDuty,
    checkApprovals,
    checkOtherClusters,
    checkPromises,
    checkVeto,
  ].flatMap((check) => check(sections));
}

/** Keys written twice, all of them; of what is no YAML only the first, because the rest follows from it. */
function syntaxMistakes(text: string, errors: readonly YAMLError[], lines: LineCounter): PlanMistake[] {
  const place = ({ pos }: YAMLError): Pick<PlanMistake, 'line' | 'column'> => {
    const { line, col } = lines.linePos(pos[0]);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const twice = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const broken = errors.filter(({ code }) => code !== 'DUPLICATE_KEY').slice(0, 1);
  return [
    ...broken.map((error) => ({
      ...place(error),
      path: '',
      sentence: `This is not YAML: ${error.message.split('\n')[0]?.replace(/[.:]$/, '')}.`,
    })),
    ...twice.map((error) => {
      const key = /^["']?([^"':\s]*)/.exec(text.slice(error.pos[0]))?.[1] ?? '';
      return { ...place(error), path: key, sentence: 'is written twice in the same group.' };
    }),
  ];
}

/** `errorRatePercent` in the file would be understood, and then two spellings of one key could disagree. */
function codeKeysInFile(document: ReturnType<typeof parseDocument>, lines: LineCounter): PlanMistake[] {
  const found: PlanMistake[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || !/[A-Z]/.test(String(key.value))) return;
      const { line, col } = lines.linePos(key.range?.[0] ?? 0);
      const path = String(key.value);
      const sentence = `is not a key Holdfast knows. Did you mean ${toFileKey(path)}?`;
      found.push({ line, column: col, path, sentence });
    },
  });
  return found;
}

import { canonicalJson } from '#core';
import { quote } from './finding.ts';
import { fileKeyPath } from './key-names.ts';
import type { Plan } from './plan.ts';

/** One place where two plans differ. A side that has nothing there is undefined. */
export interface PlanDifference {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Every place where two plans differ, in the order of the file; empty when they say the same. */
export function describePlanDifference(before: Plan, after: Plan): PlanDifference[] {
  return compare([], before, after);
}

/** `thresholds.error_rate_percent: 10 -> 5`. */
export const sayDifference = ({ path, before, after }: PlanDifference): string =>
  `${path}: ${before ?? 'nothing'} -> ${after ?? 'nothing'}`;

function compare(path: readonly PropertyKey[], before: unknown, after: unknown): PlanDifference[] {
  if (before === undefined && after === undefined) return [];
  if (isGroup(before) && isGroup(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => compare([...path, key], before[key], after[key]));
  }
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return [];
  return [{ path: fileKeyPath(path), before: saySide(before), after: saySide(after) }];
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const saySide = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : quote(value);

import type { Region, Role } from '#core';
import type { Plan, SeverityName } from '#plan';
import type { Finding } from '../finding.ts';

/** The words of a finding and what comes with them. */
export type Words = Pick<Finding, 'title' | 'cause' | 'effect' | 'next' | 'hostile' | 'alarm' | 'numbers'>;

/** One thing as it is now: what a finding is made of, before it is known since when, and whether it comes and goes. */
export interface Case {
  readonly key: string;
  readonly check: Finding['check'];
  readonly region: Region | undefined;
  /** undefined: nobody can say. */
  readonly raw: 'well' | 'failing' | undefined;
  /** When it was first seen failing. */
  readonly since: Date | undefined;
  readonly severity: SeverityName;
  readonly role: Role;
  readonly critical: boolean;
  readonly seenBy: readonly Region[];
  /** undefined: at this moment nobody sees it failing, so what was said last stands. */
  readonly words: Words | undefined;
}

type CheckPlan = Plan['detection']['checks'][number];

/** The first critical check of the plan, which says how bad the loss of a region, or of all sight, is. */
export const gravest = ({ detection }: Pick<Plan, 'detection'>): Pick<CheckPlan, 'severity' | 'role'> => {
  const [first] = detection.checks;
  const found = detection.checks.find(({ critical }) => critical) ?? first;
  if (!found) throw new Error('A plan has at least one check.');
  return found;
};

/** Who is called for what is about Holdfast's own eyes: whoever answers for the outside, else for the gravest check. */
export const forDetectors = (plan: Pick<Plan, 'detection'>): Pick<CheckPlan, 'severity' | 'role'> =>
  plan.detection.checks.find(({ name }) => name === 'external_dependencies') ?? gravest(plan);

/** Less grave by one: what speaks for itself is part of a critical check, and never as bad as the whole of it. */
export const lower = (severity: SeverityName): SeverityName => (severity === 'sev-1' ? 'sev-2' : 'sev-3');

/** The earliest of some moments. */
export const earliest = (moments: readonly (Date | undefined)[]): Date | undefined =>
  moments.filter((moment) => moment !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];

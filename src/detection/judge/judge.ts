import { z } from 'zod';
import { formatDuration } from '#core';
import type { Plan } from '#plan';
import { Finding } from '../finding.ts';
import { covering, type Maintenance } from '../maintenance.ts';
import type { Report } from '../report.ts';
import { agree } from './agree.ts';
import { isBreach } from './breach.ts';
import type { Case } from './case.ts';
import { withConsequences } from './consequences.ts';
import { detectorCases, differMs } from './detector-cases.ts';
import { type Counted, HealthPart, overallOf } from './overall.ts';
import { regionCases } from './region-case.ts';
import { Standing, steady } from './steady.ts';
import { unitCase } from './unit-case.ts';
import { unitsOf } from './units.ts';
import { Vantage, vantagePoints } from './vantage.ts';

/** What all reports together amount to at a moment. */
export const Judgement = z.object({
  id: z.literal('now'),
  at: z.date(),
  /** In percent, see judge/overall.ts. */
  overall: z.number().optional(),
  parts: z.array(HealthPart),
  vantage: z.array(Vantage),
  /** Everything that is wrong, that was and can't be seen now, and for an hour what is well again. */
  findings: z.array(Finding),
  standing: z.array(Standing),
});
export type Judgement = z.output<typeof Judgement>;

export interface Evidence {
  readonly plan: Plan;
  /** By the control store's clock. */
  readonly now: Date;
  readonly reports: readonly Report[];
  readonly maintenance: readonly Maintenance[];
  /** The judgement before: what comes and goes is known by it. */
  readonly before: Judgement | undefined;
}

/** Judges. Pure: the same evidence gives the same judgement, whoever judges. */
export function judge({ plan, now, reports, maintenance, before }: Evidence): Judgement {
  const vantage = vantagePoints(reports, now, plan.detection);
  const seeing = new Set(vantage.flatMap(({ region, state }) => (state === 'seeing' ? [region] : [])));
  const counted = unitsOf(reports.filter(({ id }) => seeing.has(id))).map((unit): Counted => {
    const silenced = covering(maintenance, unit) !== undefined;
    return { unit, agreed: agree(unit, plan.detection.seenBy), silenced };
  });
  const { percent, parts } = overallOf(counted, plan.detection);
  const unitCases = counted.map((each) => unitCase(each, plan));
  const cases = [...unitCases, ...regionCases(counted, unitCases, plan), ...detectorCases(vantage, counted, now, plan)];
  const { standing, findings } = findingsOf([...cases, ...gone(cases, before, seeing.size)], {
    plan,
    now,
    before,
    percent,
  });
  const silenced = findings.map((finding) => {
    const window = covering(maintenance, finding);
    return window ? { ...finding, breach: false, silencedBy: window.id } : finding;
  });
  return {
    id: 'now',
    at: now,
    ...(percent === undefined ? {} : { overall: percent }),
    parts: [...parts],
    vantage,
    standing,
    findings: withConsequences(silenced, { now, withinMs: differMs(plan) }),
  };
}

/** What was failing and is not looked at any more, by nobody who sees: it is no finding any more. */
function gone(cases: readonly Case[], before: Judgement | undefined, seeing: number): Case[] {
  const keys = new Set(cases.map(({ key }) => key));
  return (before?.findings ?? [])
    .filter(({ key }) => !keys.has(key))
    .map(({ key, check, region, severity, role, critical }) => ({
      ...{ key, check, region, severity, role, critical },
      raw: seeing > 0 ? ('well' as const) : undefined,
      since: undefined,
      seenBy: [],
      words: undefined,
    }));
}

interface Around extends Pick<Evidence, 'plan' | 'now' | 'before'> {
  readonly percent: number | undefined;
}

function findingsOf(cases: readonly Case[], around: Around): { standing: Standing[]; findings: Finding[] } {
  const { plan, now, before } = around;
  const standingBefore = new Map(before?.standing.map((each) => [each.key, each]));
  const found = cases.flatMap((each) => {
    const standing = steady(standingBefore.get(each.key), each, now, plan.detection);
    const finding = standing && findingOf(each, standing, around);
    return standing && finding ? [{ standing, finding }] : [];
  });
  return { standing: found.map(({ standing }) => standing), findings: found.map(({ finding }) => finding) };
}

/** What was said last stands while nobody sees it failing at this moment. */
function findingOf(each: Case, standing: Standing, { plan, now, before, percent }: Around): Finding | undefined {
  const last = before?.findings.find(({ key }) => key === each.key);
  const words = each.words ?? last;
  if (!words) return undefined;
  const { title, cause, effect, next, hostile, alarm, numbers } = words;
  const { state, since, flapping } = standing;
  const seen = each.raw !== undefined || each.seenBy.length > 0;
  const lastedMs = now.getTime() - since.getTime();
  const isFailing = state === 'failing' && seen;
  return {
    key: each.key,
    check: each.check,
    ...(each.region ? { region: each.region } : {}),
    state: state === 'well' ? 'well' : seen ? 'failing' : 'unknown',
    since,
    severity: each.severity,
    role: each.role,
    critical: each.critical,
    breach: isFailing && isBreach({ critical: each.critical, seenBy: each.seenBy, lastedMs, overall: percent }, plan),
    seenBy: state === 'well' ? [] : [...each.seenBy],
    title,
    cause: state === 'well' ? [`It is well again. It was: ${title}.`] : withoutRepeats(cause, flapping, standing, plan),
    effect,
    next,
    hostile,
    ...(alarm && state === 'failing' ? { alarm } : {}),
    numbers: { ...numbers, lastedMs },
    flapping,
  };
}

const COMES_AND_GOES = ' It comes and goes: ';

function withoutRepeats(
  cause: Finding['cause'],
  flapping: boolean,
  { changes }: Standing,
  { detection }: Plan,
): Finding['cause'] {
  const plain = cause.filter((piece) => typeof piece !== 'string' || !piece.startsWith(COMES_AND_GOES));
  if (!flapping) return plain;
  const minutes = formatDuration(detection.flapping.withinMinutes * 60_000);
  return [...plain, `${COMES_AND_GOES}${changes.length} changes. It is well when nothing has changed for ${minutes}.`];
}

import { Region } from '#core';
import { type Judgement, judge, type Maintenance, type Probe, type Report, type Stand, track } from '#detection';
import type { CheckName, Plan } from '#plan';
import type { ProbeResult } from '#ports';
import { eldPlan } from '../support/eld-plan.ts';

export const EAST = Region.parse('us-east-1');
export const WEST = Region.parse('us-west-2');
export const EU = Region.parse('eu-west-1');
export const START = new Date('2026-11-23T08:00:00Z');
/** After so many seconds. */
export const moment = (seconds: number): Date => new Date(START.getTime() + seconds * 1_000);

const probe = (check: CheckName, name: string, region?: Region, speaksFor: Probe['speaksFor'] = 'check'): Probe => ({
  check,
  name,
  ...(region ? { region } : {}),
  subject: name,
  speaksFor,
  run: async () => WELL,
});

export const WELL: ProbeResult = { state: 'well', words: ['answers'], numbers: {} };
export const FAILED = (what: string, more: Partial<Extract<ProbeResult, { state: 'failed' }>> = {}): ProbeResult => ({
  state: 'failed',
  what,
  words: [`${what} it says`],
  hostile: false,
  numbers: {},
  ...more,
});
export const UNSEEN: ProbeResult = { state: 'unknown', words: ['no right'] };

/** What the company's detectors look at, in little. */
export const PROBES: readonly Probe[] = [
  probe('database_connectivity', 'primary'),
  probe('database_connectivity', 'members', EAST),
  probe('database_connectivity', 'members', WEST),
  probe('application_response', 'http', EAST),
  probe('application_response', 'http', WEST),
  ...[EAST, WEST, EU].flatMap((region) => [
    probe('external_dependencies', 's3', region, 'itself'),
    probe('external_dependencies', 'kms', region, 'itself'),
  ]),
  probe('external_dependencies', 'slack', undefined, 'itself'),
  probe('resource_availability', 'disk', EAST, 'itself'),
  probe('security_posture', 'logins', undefined, 'itself'),
];

/** What a vantage point sees of a probe at a moment; undefined: it is well. */
export type Sees = (from: Region, probe: Probe, at: Date) => ProbeResult | undefined;

export interface Run {
  readonly judgements: readonly Judgement[];
  readonly last: Judgement;
  readonly reports: readonly Report[];
  finding(key: string): Judgement['findings'][number] | undefined;
  /** When a key was first found like this, in seconds from the start. */
  firstAt(key: string, is: (finding: Judgement['findings'][number]) => boolean): number | undefined;
}

/** Detectors that look every 30 s, a few seconds apart, and one judge who judges after each report. */
export function watchFor(options: {
  readonly seconds: number;
  readonly sees: Sees;
  readonly from?: readonly Region[];
  /** Whether a detector writes its report then. */
  readonly reports?: (from: Region, at: Date) => boolean;
  readonly maintenance?: readonly Maintenance[];
  readonly plan?: Plan;
}): Run {
  const { seconds, sees, from = [EAST, WEST, EU], reports = () => true, maintenance = [], plan = eldPlan } = options;
  const kept = new Map<Region, Report>();
  const stands = new Map<Region, Map<string, Stand>>();
  const judgements: Judgement[] = [];
  const everySeconds = plan.detection.intervalSeconds;
  for (let second = 0; second <= seconds; second += 1) {
    const at = moment(second);
    let isNew = second % everySeconds === 0;
    for (const [index, region] of from.entries()) {
      if (second % everySeconds !== (index * 7) % everySeconds || !reports(region, at)) continue;
      const own = stands.get(region) ?? new Map<string, Stand>();
      for (const each of PROBES) {
        const key = `${each.check}/${each.region}/${each.name}`;
        const result = sees(region, each, at) ?? WELL;
        own.set(key, track(own.get(key), { probe: each, result, ms: 3 }, at, plan));
      }
      stands.set(region, own);
      kept.set(region, { id: region, detector: region, at, rounds: 1, roundMs: 5, stands: [...own.values()] });
      isNew = true;
    }
    if (!isNew) continue;
    const open = maintenance.filter((window) => window.from <= at && window.until > at);
    judgements.push(
      judge({ plan, now: at, reports: [...kept.values()], maintenance: open, before: judgements.at(-1) }),
    );
  }
  const last = judgements.at(-1);
  if (!last) throw new Error('Nobody judged.');
  return {
    judgements,
    last,
    reports: [...kept.values()],
    finding: (key) => last.findings.find((each) => each.key === key),
    firstAt: (key, is) => {
      const found = judgements.find(({ findings }) => findings.some((each) => each.key === key && is(each)));
      return found && (found.at.getTime() - START.getTime()) / 1_000;
    },
  };
}

import { CronExpressionParser } from 'cron-parser';
import type { Finding } from './finding.ts';
import { leastDays, sayRetention } from './retention.ts';
import type { PlanSections } from './sections.ts';
import type { Frequency } from './units.ts';

/** Promises the plan makes in one place and breaks in another. */
export function checkPromises(plan: PlanSections): Finding[] {
  return [
    ...retentions(plan),
    ...databaseRetention(plan),
    ...thinning(plan),
    ...testFrequencies(plan),
    ...fullWindow(plan),
  ];
}

function retentions({ compliance, components }: PlanSections): Finding[] {
  if (!compliance || !components) return [];
  return compliance.dataClasses.flatMap(({ name, law, atLeast, atMost, keptBy }) =>
    keptBy.flatMap((key): Finding[] => {
      const component = components[key];
      if (!component) return [];
      const path = ['components', key, 'retention'];
      const kept = sayRetention(component.retention);
      if (atLeast && leastDays(component.retention) < leastDays(atLeast)) {
        const sentence = `${kept} is shorter than ${law} asks for ${name} (${sayRetention(atLeast)}).`;
        return [{ path, at: 'value', sentence }];
      }
      if (atMost && leastDays(component.retention) > leastDays(atMost)) {
        const sentence = `${kept} is longer than ${law} allows for ${name} (${sayRetention(atMost)}).`;
        return [{ path, at: 'value', sentence }];
      }
      return [];
    }),
  );
}

function databaseRetention({ components, mongodb }: PlanSections): Finding[] {
  const promised = components?.['mongodb']?.retention;
  if (!promised || !mongodb || leastDays(promised) === leastDays(mongodb.retention)) return [];
  const sentence = `${sayRetention(mongodb.retention)} is not what components.mongodb promises (${sayRetention(promised)}).`;
  return [{ path: ['mongodb', 'retention'], at: 'value', sentence }];
}

/** A backup and the restores of it may take so long with all their retries. */
const LONGEST_OPERATION_DAYS = 2;

function thinning({ mongodb }: PlanSections): Finding[] {
  if (!mongodb) return [];
  const { retention, thinning: terms, prune } = mongodb;
  const longest = Object.values(terms).reduce((a, b) => (leastDays(b) > leastDays(a) ? b : a));
  const findings: Finding[] = [];
  if (leastDays(longest) !== leastDays(retention)) {
    const sentence = `keeps nothing longer than ${sayRetention(longest)}, but mongodb.retention promises ${sayRetention(retention)}.`;
    findings.push({ path: ['mongodb', 'thinning'], at: 'value', sentence });
  }
  if (prune.graceDays < LONGEST_OPERATION_DAYS) {
    const sentence = `must be ${LONGEST_OPERATION_DAYS} at least: a backup that is under way looks like one that was left.`;
    findings.push({ path: ['mongodb', 'prune', 'graceDays'], at: 'value', sentence });
  }
  return findings;
}

const MOST_DAYS: Readonly<Record<Frequency, number>> = {
  daily: 1,
  weekly: 7,
  monthly: 31,
  quarterly: 92,
  'half-yearly': 184,
  annually: 366,
};

function testFrequencies({ recoveryTests, timeZone }: PlanSections): Finding[] {
  return (recoveryTests?.tests ?? []).flatMap(({ atLeast, schedule }, index): Finding[] => {
    if (longestGapDays(schedule, timeZone ?? 'UTC') <= MOST_DAYS[atLeast]) return [];
    const path = ['recoveryTests', 'tests', index, 'schedule'];
    return [{ path, at: 'value', sentence: `"${schedule}" is less often than ${atLeast}.` }];
  });
}

/** Over the next 40 times from a fixed day, so that a plan is not right in March and wrong in April. */
function longestGapDays(schedule: string, tz: string): number {
  const times = CronExpressionParser.parse(schedule, { currentDate: new Date('2026-01-01T00:00:00Z'), tz });
  let before = times.next().getTime();
  let longest = 0;
  for (let count = 0; count < 40; count += 1) {
    const next = times.next().getTime();
    longest = Math.max(longest, next - before);
    before = next;
  }
  // A day with a change of clocks is an hour longer.
  return (longest - 3_600_000) / 86_400_000;
}

function fullWindow({ mongodb }: PlanSections): Finding[] {
  const [from = '', to = ''] = mongodb?.snapshots.fullWindow.split('-') ?? [];
  if (from === to && from !== '') {
    return [{ path: ['mongodb', 'snapshots', 'fullWindow'], at: 'value', sentence: 'has no length.' }];
  }
  return [];
}

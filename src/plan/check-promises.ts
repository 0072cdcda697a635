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
    ...canary(plan),
    ...storageClasses(plan),
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

function testFrequencies({ recoveryTests }: PlanSections): Finding[] {
  return (recoveryTests?.tests ?? []).flatMap(({ atLeast, schedule }, index): Finding[] => {
    if (longestGapDays(schedule) <= MOST_DAYS[atLeast]) return [];
    const path = ['recoveryTests', 'tests', index, 'schedule'];
    return [{ path, at: 'value', sentence: `"${schedule}" is less often than ${atLeast}.` }];
  });
}

/**
 * Over the next 40 times from a fixed day, or five years, so that a plan is not right in March and wrong in April. In UTC: clocks that
 * change move a time by an hour, and days are counted here.
 */
function longestGapDays(schedule: string): number {
  const times = CronExpressionParser.parse(schedule, { currentDate: new Date('2026-01-01T00:00:00Z'), tz: 'UTC' });
  const until = Date.UTC(2031, 0);
  let before = times.next().getTime();
  let longest = 0;
  for (let count = 0; count < 40 && before < until; count += 1) {
    const next = times.next().getTime();
    longest = Math.max(longest, next - before);
    before = next;
  }
  return longest / 86_400_000;
}

function fullWindow({ mongodb }: PlanSections): Finding[] {
  const [from = '', to = ''] = mongodb?.snapshots.fullWindow.split('-') ?? [];
  if (from === to && from !== '') {
    return [{ path: ['mongodb', 'snapshots', 'fullWindow'], at: 'value', sentence: 'has no length.' }];
  }
  return [];
}

/** What is backed up must not have our own marks in it, and no restore may write where they are. */
function canary({ mongodb }: PlanSections): Finding[] {
  const name = mongodb?.continuous.canary.database;
  if (!mongodb || name === undefined) return [];
  const path = ['mongodb', 'continuous', 'canary', 'database'];
  if (mongodb.databases.includes(name)) return [{ path, at: 'value', sentence: 'is one of those that are backed up.' }];
  const covers = (pattern: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
  if (!mongodb.restore.otherDatabases.some(covers)) return [];
  return [{ path, at: 'value', sentence: 'is one that mongodb.restore.other_databases lets a restore write to.' }];
}

const COLDER = ['STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'] as const;

/** Colder with age and never warmer; nothing cold inside the window; S3 refuses STANDARD_IA before a month. */
function storageClasses({ mongodb }: PlanSections): Finding[] {
  return (mongodb?.storageClasses ?? []).flatMap(({ afterDays, class: name }, index, all): Finding[] => {
    const path = ['mongodb', 'storageClasses', index, 'afterDays'];
    const before = all[index - 1];
    if (before && (before.afterDays >= afterDays || COLDER.indexOf(before.class) >= COLDER.indexOf(name))) {
      return [{ path, at: 'value', sentence: `${name} must come later than ${before.class}, and be colder.` }];
    }
    const window = mongodb?.continuousWindowDays ?? 0;
    if ((name === 'GLACIER' || name === 'DEEP_ARCHIVE') && afterDays <= window) {
      return [{ path, at: 'value', sentence: `${name} is not read at once: not within the window of ${window} days.` }];
    }
    if (name === 'STANDARD_IA' && afterDays < 30) {
      return [{ path, at: 'value', sentence: 'must be 30 at least: S3 moves nothing younger there.' }];
    }
    return [];
  });
}

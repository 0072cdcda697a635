import type { Alarm } from '#alarms';
import { Role } from '#core';
import type { SeverityName } from '#plan';

/** How bad an alarm is, and who is called for it first. */
export interface AlarmWeight {
  readonly severity: SeverityName;
  readonly role: Role;
  /** It may be somebody's doing: whoever assesses that is called as well. */
  readonly hostile?: true;
}

const DATABASE = Role.parse('database-admin');
const TECHNICAL = Role.parse('technical-lead');

/**
 * By the rule of an alarm. None is Sev-1: what protects the system is in trouble, its users are served. High is what makes a
 * restore lose more with every hour; medium is what can wait for the morning. `alarm-only`: a chore, read in the channel and
 * nobody's page. Rules that are not here are medium.
 */
const BY_RULE: Readonly<Record<string, AlarmWeight | 'alarm-only'>> = {
  'rpo-high': { severity: 'sev-2', role: DATABASE },
  'rpo-frozen': { severity: 'sev-2', role: DATABASE },
  'capture-leaderless': { severity: 'sev-2', role: DATABASE },
  'region-behind': { severity: 'sev-2', role: DATABASE },
  'oplog-window': { severity: 'sev-2', role: DATABASE },
  'oplog-small': 'alarm-only',
  'backup-late': { severity: 'sev-2', role: DATABASE },
  'backup-failed': { severity: 'sev-2', role: DATABASE },
  damage: { severity: 'sev-2', role: DATABASE, hostile: true },
  'keys-overdue': 'alarm-only',
  // nothing is broken yet, and whoever would be called reads the channel
  readiness: 'alarm-only',
  'retention-failed': { severity: 'sev-3', role: DATABASE },
};

const OTHERS: AlarmWeight = { severity: 'sev-3', role: TECHNICAL };

/** Undefined where the alarm stays an alarm. The rule of an alarm is its key, up to the first `/`. */
export function weightOf({ key }: Pick<Alarm, 'key'>): AlarmWeight | undefined {
  const weight = BY_RULE[key.split('/')[0] ?? ''] ?? OTHERS;
  return weight === 'alarm-only' ? undefined : weight;
}

/** Whether an alarm stands in the channel itself; what has an incident is told there, and not twice. */
export const isToldAsAlarm = (alarm: Pick<Alarm, 'key'>): boolean => weightOf(alarm) === undefined;

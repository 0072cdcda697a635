import type { Alarm } from '#alarms';
import { Region, type Role } from '#core';
import type { Cause } from '#incidents';
import { weightOf } from './alarm-severity.ts';
import { inLeftRegion, type LeftRegions } from './left-regions.ts';
import { ALARM, leftBehind, MOST_TITLE, type Signal, STANDBY } from './signal.ts';

/** Causes that incidents have of alarms, whose end is read here. */
export const isOfAlarm = (key: string): boolean => key.startsWith(ALARM) || key.startsWith(`${STANDBY}${ALARM}`);

const plainKey = ({ key }: Pick<Alarm, 'key'>): string => `${ALARM}${key}`;

/**
 * An open alarm as signals; none where nobody is called for it. In a region that a failover left it is of its own key, as a
 * finding is, and what it was before is over. `roles`: those of the plan. Pure.
 */
export function signalsOfAlarm(alarm: Alarm, roles: readonly Role[], left: LeftRegions = new Map()): FromAlarm {
  const weight = weightOf(alarm);
  if (!weight) return { keys: [plainKey(alarm)], signals: [] };
  const { title, cause, effect, next, since } = alarm;
  const region = Region.safeParse(alarm.key.split('/').at(-1)).data;
  const known = region && left.get(region);
  const plain: Cause = {
    key: plainKey(alarm),
    ...{ title: title.slice(0, MOST_TITLE), cause, effect, next, since, hostile: weight.hostile ?? false },
    ...(region ? { region } : {}),
    severity: weight.severity,
    ...(roles.includes(weight.role) ? { role: weight.role } : {}),
  };
  if (!region || !known) return { keys: [plain.key], signals: [{ state: 'failing', cause: plain }] };
  const key = `${STANDBY}${plain.key}`;
  return {
    keys: [plain.key, key],
    signals: [
      { state: 'failing', cause: { ...plain, key, ...inLeftRegion(region, known) } },
      leftBehind({ key: plain.key, title }, region, known),
    ],
  };
}

export interface FromAlarm {
  /** Whose end is not to be read from the alarm's: it is open. */
  readonly keys: readonly string[];
  readonly signals: readonly Signal[];
}

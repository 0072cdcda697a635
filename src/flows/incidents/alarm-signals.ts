import type { Alarm } from '#alarms';
import { Region, type Role } from '#core';
import type { Cause } from '#incidents';
import { weightOf } from './alarm-severity.ts';
import { inLeftRegion, type LeftRegions } from './left-regions.ts';
import { ALARM, leftBehind, MOST_TITLE, type Signal, STANDBY } from './signal.ts';

/** Causes that incidents have of alarms, whose end is read here. */
export const isOfAlarm = (key: string): boolean => key.startsWith(ALARM) || key.startsWith(`${STANDBY}${ALARM}`);

export const alarmKey = ({ key }: Pick<Alarm, 'key'>): string => `${ALARM}${key}`;

/**
 * An open alarm as signals; none where nobody is called for it. In a region that a failover left it is of its own key, as a
 * finding is, and what it was before is over. `roles`: those of the plan. Pure.
 */
export function signalsOfAlarm(alarm: Alarm, roles: readonly Role[], left: LeftRegions): Signal[] {
  const weight = weightOf(alarm);
  if (!weight) return [];
  const { title, cause, effect, next, since } = alarm;
  const region = Region.safeParse(alarm.key.split('/').at(-1)).data;
  const known = region && left.get(region);
  const key = alarmKey(alarm);
  const plain: Cause = {
    key,
    ...{ title: title.slice(0, MOST_TITLE), cause, effect, next, since, hostile: weight.hostile ?? false },
    ...(region ? { region } : {}),
    severity: weight.severity,
    ...(roles.includes(weight.role) ? { role: weight.role } : {}),
  };
  if (!region || !known) return [{ state: 'failing', cause: plain }];
  return [
    { state: 'failing', cause: { ...plain, key: `${STANDBY}${key}`, ...inLeftRegion(region, known) } },
    leftBehind(key, region, known),
  ];
}

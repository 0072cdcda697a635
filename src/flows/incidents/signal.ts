import type { Alarm } from '#alarms';
import { Region, type Role, type Text } from '#core';
import type { Finding as Found } from '#detection';
import type { Cause, KeptCause } from '#incidents';
import { weightOf } from './alarm-severity.ts';
import { inLeftRegion, type LeftRegions } from './left-regions.ts';

/** What of a detector's finding incidents take. `unknown`: nothing about it changes. */
export type Finding = Pick<
  Found,
  | 'key'
  | 'region'
  | 'state'
  | 'since'
  | 'severity'
  | 'role'
  | 'critical'
  | 'breach'
  | 'title'
  | 'cause'
  | 'effect'
  | 'next'
  | 'hostile'
  | 'consequenceOf'
>;

/** Something that is wrong and needs people, or that is well again. */
export type Signal =
  | { readonly state: 'failing'; readonly cause: Cause }
  | { readonly state: 'well'; readonly key: string };

const STANDBY = 'standby/';
/** Where a whole region is dead, what else fails there follows from that. */
export const WHOLE_REGION = 'region/';
const MOST_TITLE = 200;

/** Whether a region is one that nobody is sent to; false while it is not known who is sent where. */
export const isStandby = (region: Region | undefined, served: readonly Region[] | undefined): boolean =>
  region !== undefined && served !== undefined && served.length > 0 && !served.includes(region);

/** As what a finding may stand in an incident. */
export const causeKeys = (key: string): string[] => [key, `${STANDBY}${key}`];

/**
 * A finding in a region that nobody is sent to is another trouble than the same one where users are: they do not feel it,
 * there is only no way out any more. So it is of its own key and at most high, and what it was before is over. In a region
 * that a failover left it is no news to anybody: medium, until the rebuild.
 */
export function signalsOf(
  finding: Finding,
  served: readonly Region[] | undefined,
  left: LeftRegions = new Map(),
): Signal[] {
  const { key, region, state, severity, title, role, cause, effect, next, since, hostile } = finding;
  const standbyKey = `${STANDBY}${key}`;
  if (state === 'unknown') return [];
  if (state === 'well') return causeKeys(key).map((each) => ({ state, key: each }));
  const words = {
    title: title.slice(0, MOST_TITLE),
    ...(region ? { region } : {}),
    ...{ cause, next, since, role, hostile },
  };
  if (!isStandby(region, served)) {
    return [
      { state, cause: { ...words, key, effect, severity } },
      { state: 'well', key: standbyKey },
    ];
  }
  const known = region && left.get(region);
  if (region && known) {
    return [
      { state, cause: { ...words, key: standbyKey, ...inLeftRegion(region, known) } },
      { state: 'well', key },
    ];
  }
  const lost: Text = [`Nobody is served from ${region}; it can not take over either.`];
  const atMost = severity === 'sev-1' ? 'sev-2' : severity;
  return [
    { state, cause: { ...words, key: standbyKey, effect: lost, severity: atMost } },
    { state: 'well', key },
  ];
}

export const alarmKey = ({ key }: Pick<Alarm, 'key'>): string => `alarm/${key}`;
export const isAlarmKey = (key: string): boolean => key.startsWith('alarm/');

/** An open alarm as a cause; undefined where nobody is called for it. `roles`: those of the plan. */
export function causeOfAlarm(alarm: Alarm, roles: readonly Role[], left: LeftRegions = new Map()): Cause | undefined {
  const weight = weightOf(alarm);
  if (!weight) return undefined;
  const { title, cause, effect, next, since } = alarm;
  const region = Region.safeParse(alarm.key.split('/').at(-1));
  return {
    key: alarmKey(alarm),
    ...{ title: title.slice(0, MOST_TITLE), cause, effect, next, since, hostile: weight.hostile ?? false },
    ...(region.success ? { region: region.data } : {}),
    severity: weight.severity,
    ...inLeft(region.data, left),
    ...(roles.includes(weight.role) ? { role: weight.role } : {}),
  };
}

const inLeft = (region: Region | undefined, left: LeftRegions) => {
  const known = region && left.get(region);
  return region && known ? inLeftRegion(region, known) : {};
};

/** Where an alarm of a region belongs that is in no incident of those who are served there. */
export const standbyGroupOf = ({ key, region }: Pick<KeptCause, 'key' | 'region'>): string | undefined =>
  region && isAlarmKey(key) ? `${STANDBY}${region}` : undefined;

/** What belongs into one incident: everything of a region, apart for one that nobody is sent to; else the thing itself. */
export function groupOf({ key, region }: Pick<KeptCause, 'key' | 'region'>): string {
  if (!region) return key;
  return key.startsWith(STANDBY) ? `${STANDBY}${region}` : region;
}

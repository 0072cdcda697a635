import type { Region, Text } from '#core';
import type { Finding as Found } from '#detection';
import type { Cause, KeptCause } from '#incidents';
import { inLeftRegion, type LeftRegion, type LeftRegions } from './left-regions.ts';

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
  | {
      readonly state: 'well';
      readonly key: string;
      /** What is said before its title where nothing became well, it only weighs otherwise: nobody must take it for healed. */
      readonly instead?: string;
    };

export const STANDBY = 'standby/';
/** Where a whole region is dead, what else fails there follows from that. */
export const WHOLE_REGION = 'region/';
export const MOST_TITLE = 200;
export const ALARM = 'alarm/';

/** Whether a region is one that nobody is sent to; false while it is not known who is sent where. */
export const isStandby = (region: Region | undefined, served: readonly Region[] | undefined): boolean =>
  region !== undefined && served !== undefined && served.length > 0 && !served.includes(region);

/** As what a finding may stand in an incident. */
export const causeKeys = (key: string): string[] => [key, `${STANDBY}${key}`];

/**
 * A finding in a region that nobody is sent to is another trouble than the same one where users are: they do not feel it,
 * there is only no way out any more. So it is of its own key and at most high, and what it was before is over. In a region
 * that a failover left it is no news to anybody: medium, until the rebuild; what the death of that region explains belongs to it.
 */
export function signalsOf(finding: Finding, served: readonly Region[] | undefined, left: LeftRegions): Signal[] {
  const { key, region, state, severity, title, role, cause, effect, next, since, hostile } = finding;
  const standbyKey = `${STANDBY}${key}`;
  const away = region !== undefined && isStandby(region, served) ? region : undefined;
  const known = away && left.get(away);
  if (state === 'unknown') return away && known && follows(finding) ? [leftBehind(key, away, known)] : [];
  if (state === 'well') return causeKeys(key).map((each) => ({ state, key: each }));
  const words = {
    title: title.slice(0, MOST_TITLE),
    ...(region ? { region } : {}),
    ...{ cause, next, since, role, hostile },
  };
  if (!away) {
    return [
      { state, cause: { ...words, key, effect, severity } },
      { state: 'well', key: standbyKey, instead: 'Users are sent there' },
    ];
  }
  if (known) {
    return [
      { state, cause: { ...words, key: standbyKey, ...inLeftRegion(away, known) } },
      leftBehind(key, away, known),
    ];
  }
  const lost: Text = [`Nobody is served from ${away}; it can not take over either.`];
  const atMost = severity === 'sev-1' ? 'sev-2' : severity;
  return [
    { state, cause: { ...words, key: standbyKey, effect: lost, severity: atMost } },
    { state: 'well', key, instead: `Nobody is served from ${away} any more` },
  ];
}

/** Of a dead region: it was seen a round before the region was. */
const follows = ({ consequenceOf }: Finding): boolean => consequenceOf?.startsWith(WHOLE_REGION) ?? false;

/** What a failover turned its back to: no user feels it, and it goes on in what is told of that region. */
export const leftBehind = (key: string, region: Region, { run }: LeftRegion): Signal => ({
  state: 'well',
  key,
  instead: `${run} left ${region}, where this is wrong still`,
});

/** Where an alarm of a region belongs that is in no incident of those who are served there. */
export const standbyGroupOf = ({ key, region }: Pick<KeptCause, 'key' | 'region'>): string | undefined =>
  region && key.startsWith(ALARM) ? `${STANDBY}${region}` : undefined;

/** What belongs into one incident: everything of a region, apart for one that nobody is sent to; else the thing itself. */
export function groupOf({ key, region }: Pick<KeptCause, 'key' | 'region'>): string {
  if (!region) return key;
  return key.startsWith(STANDBY) ? `${STANDBY}${region}` : region;
}

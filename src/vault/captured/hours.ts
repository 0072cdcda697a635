import type { OplogTime } from '#ports';
import { leavingUnits } from '../prune-marks.ts';
import type { Vault } from '../vault.ts';
import { hourPrefix, hoursBetween, SEGMENTS } from './captured-range.ts';
import type { Lost } from './lost.ts';
import { holesIn, type Timeline } from './timelines.ts';

/** An hour of a timeline, `2026-11-23T08` in UTC: what is read, remembered and one day deleted as one. */
export interface CapturedHour {
  readonly timeline: number;
  readonly hour: string;
}

/** The hours of these timelines, in order, and those of the holes in them: there may be something nobody sees. Pure. */
export function hoursOf(timelines: readonly Timeline[]): CapturedHour[] {
  const found = new Map<string, CapturedHour>();
  const add = (timeline: number, hour: string): void =>
    void found.set(nameOfHour({ timeline, hour }), { timeline, hour });
  for (const { number, ranges } of timelines) {
    for (const { key } of ranges) add(number, key.split('/')[2] ?? '');
  }
  for (const { timeline, hour } of hoursOfHoles(timelines)) add(timeline, hour);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, hour]) => hour);
}

/** The hours in which something between two parts of one timeline would be. Pure. */
export const hoursOfHoles = (timelines: readonly Timeline[]): CapturedHour[] =>
  holesIn(timelines).flatMap(({ timeline, from, through }) =>
    hoursBetween(from, through).map((hour) => ({ timeline, hour })),
  );

/** `0001/2026-11-23T08`: as a part of keys, and what sorts in order. */
export const nameOfHour = ({ timeline, hour }: CapturedHour): string =>
  hourPrefix(SEGMENTS, timeline, hour).slice(SEGMENTS.length, -1);

/**
 * What capture wrote down as durable and is in no list: the end of a timeline that is gone. Read where capture stands
 * before the lists, or what was written between them is taken for it. Pure.
 */
export function lostAtEnd(
  timelines: readonly Timeline[],
  stands: { readonly timeline: number; readonly through: OplogTime } | undefined,
): Lost[] {
  const last = timelines.at(-1);
  if (!stands || last?.number !== stands.timeline) return [];
  const isAhead =
    stands.through.seconds > last.through.seconds ||
    (stands.through.seconds === last.through.seconds && stands.through.increment > last.through.increment);
  return isAhead ? [{ timeline: last.number, from: last.through, through: stands.through, why: 'gone' }] : [];
}

/** Names of hours that prune may delete in the coming days: healing one would bring back what is to go. Throws nothing. */
export async function leavingHours(vault: Vault): Promise<Set<string>> {
  const prefix = 'capture/';
  const units = await leavingUnits(vault);
  return new Set(units.filter((unit) => unit.startsWith(prefix)).map((unit) => unit.slice(prefix.length)));
}

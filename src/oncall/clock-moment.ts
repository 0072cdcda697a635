import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** `2026-11-23`, as the number of days since 1970-01-01: days are counted without any clock. */
export const dayNumber = (isoDate: string): number => Date.parse(`${isoDate}T00:00:00Z`) / DAY_MS;

/**
 * When a zone's clocks first show this time on this day. Where daylight saving goes past it, that is the moment of the
 * change; where it comes twice, the first of the two. Seconds are 0. Pure.
 */
export function firstMoment(day: number, clockTime: string, timeZone: string): Date {
  const [hour = 0, minute = 0] = clockTime.split(':').map(Number);
  const wall = day * DAY_MS + (hour * 60 + minute) * MINUTE_MS;
  const zone = IANAZone.create(timeZone);
  const offsetMs = (moment: number): number => zone.offset(moment) * MINUTE_MS;
  const [before, after] = [offsetMs(wall - DAY_MS), offsetMs(wall + DAY_MS)];
  const [earlier, later] = [wall - Math.max(before, after), wall - Math.min(before, after)];
  for (const moment of [earlier, later]) {
    if (moment + offsetMs(moment) === wall) return new Date(moment);
  }
  // The clocks jump over it: the change lies between the two readings.
  let [lowest, highest] = [earlier, later];
  while (highest - lowest > MINUTE_MS) {
    const middle = lowest + Math.floor((highest - lowest) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetMs(middle) === after) highest = middle;
    else lowest = middle;
  }
  return new Date(highest);
}

/** The day that a zone's calendar shows at a moment, as `dayNumber` counts. */
export function dayIn(timeZone: string, at: Date): number {
  const local = at.getTime() + IANAZone.create(timeZone).offset(at.getTime()) * MINUTE_MS;
  return Math.floor(local / DAY_MS);
}

/** The day as people and plans write it. */
export const isoDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

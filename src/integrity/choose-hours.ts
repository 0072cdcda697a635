import type { RequestId } from '#core';
import {
  type CapturedHour,
  hoursOf,
  hoursOfHoles,
  leavingHours,
  nameOfHour,
  type TimelineList,
  type Vault,
} from '#vault';
import type { CapturedCheck } from './captured-checks.ts';
import type { Which } from './choose-backups.ts';

/** How many hundredths of the captured hours are read; 0 where only backups are. */
export function percentOfHours(which: Which): number {
  switch (which.kind) {
    case 'all':
    case 'captured':
      return 100;
    case 'share':
      return which.percent;
    case 'newest':
    case 'one':
      return 0;
  }
}

/** The hours that may be read: what prune is about to delete is left alone. */
export async function readableHours(vault: Vault, { timelines }: TimelineList): Promise<CapturedHour[]> {
  const leaving = await leavingHours(vault);
  return hoursOf(timelines).filter((hour) => !leaving.has(nameOfHour(hour)));
}

/**
 * The hours that are still to be read by a run, in order: those never read first, then those that were not read for the
 * longest time, until with what the run has read already the share is reached. Hours with a hole in them are always read:
 * there may be something to be found. Pure.
 */
export function hoursToRead(
  hours: readonly CapturedHour[],
  percent: number,
  { timelines }: TimelineList,
  known: ReadonlyMap<string, Pick<CapturedCheck, 'at' | 'run'>>,
  run: RequestId,
): CapturedHour[] {
  const wanted = Math.ceil((hours.length * percent) / 100);
  const torn = new Set(hoursOfHoles(timelines).map(nameOfHour));
  const of = (hour: CapturedHour) => known.get(nameOfHour(hour));
  const left = hours.filter((hour) => of(hour)?.run !== run);
  const longestAgo = [...left].sort((a, b) => (of(a)?.at.getTime() ?? 0) - (of(b)?.at.getTime() ?? 0));
  const chosen = new Set(longestAgo.slice(0, Math.max(0, wanted - (hours.length - left.length))));
  return left.filter((hour) => chosen.has(hour) || (percent > 0 && torn.has(nameOfHour(hour))));
}

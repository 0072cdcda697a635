import { asDrError, at, DrError, formatDuration, type Text, utc } from '#core';
import { plainText } from '#record';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { type ChosenPoint, choosePoint, type WantedPoint } from './choose-point.ts';
import { momentBefore } from './moment-before.ts';

/** A moment to restore, and how it was found where it was not named by its time. */
export interface ChosenMoment extends ChosenPoint {
  readonly because: Text | undefined;
}

/**
 * The moment to restore: a backup's, a time, or the second before a run or an entry of the record. Throws as
 * `choosePoint` and `momentBefore` do; of a moment that can't be restored it is said whose it is.
 */
export async function chooseMoment(
  wanted: WantedPoint,
  askedAt: Date,
  world: Pick<HoldfastWorld, 'backup' | 'clock' | 'store' | 'timeline' | 'journal' | 'requests' | 'roster'>,
): Promise<ChosenMoment> {
  const before = wanted.to === undefined ? undefined : await momentBefore(wanted.to, world);
  if (!before) return { ...(await choosePoint(wanted, askedAt, world)), because: undefined };
  try {
    return { ...(await choosePoint({ ...wanted, to: utc(before.moment) }, askedAt, world)), because: before.words };
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.code !== 'TIME_INVALID') throw thrown;
    const words = plainText(before.words, (person) => world.roster.name(person), askedAt);
    throw new DrError(error.code, error.kind, `${words} ${error.message}`, {
      cause: thrown,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

/** What people read of the moment itself, in UTC and in the reader's own time, and of what leads to it. */
export function momentLines(what: string, { point, moment, header, because }: ChosenMoment): Text[] {
  if (!point.until) return [[`${what} as of `, at(moment), `, from ${header.backup}.`]];
  const afterMs = moment.getTime() + 1000 - header.window.end.seconds * 1000;
  return [
    [`${what} as of ${utc(moment)}, which is `, at(moment), ' for you.'],
    ...(because ? [because] : []),
    [
      `Every write up to the end of that second: ${header.backup}, and ${formatDuration(afterMs)} of captured writes after it.`,
    ],
  ];
}

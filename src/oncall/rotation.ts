import { DrError, type PersonId } from '#core';
import type { Rotation } from '#plan';
import { dayIn, dayNumber, firstMoment } from './clock-moment.ts';

/** One person's time as a role's first contact, from `from` up to and without `until`. */
export interface Turn {
  readonly person: PersonId;
  readonly from: Date;
  readonly until: Date;
}

const DAYS = { day: 1, week: 7 } as const satisfies Record<Rotation['every'], number>;

/** Whose turn it is; undefined before the first one begins. Pure. */
export function turnAt(rotation: Rotation, timeZone: string, at: Date): Turn | undefined {
  const number = numberAt(rotation, timeZone, at);
  return number < 0 ? undefined : turnOf(number, rotation, timeZone);
}

/** Every turn of which some part lies between the two moments, in order. Pure. */
export function turnsBetween(rotation: Rotation, timeZone: string, from: Date, until: Date): Turn[] {
  const turns: Turn[] = [];
  for (let number = Math.max(0, numberAt(rotation, timeZone, from)); ; number += 1) {
    const turn = turnOf(number, rotation, timeZone);
    if (turn.from >= until) return turns;
    turns.push(turn);
  }
}

/** Turns are counted from 0; below 0 is before the first. */
function numberAt(rotation: Rotation, timeZone: string, at: Date): number {
  // On the day of a hand-over the calendar alone does not say whether its time has come.
  let number = Math.floor((dayIn(timeZone, at) - dayNumber(rotation.starts)) / DAYS[rotation.every]);
  while (beginOf(number + 1, rotation, timeZone) <= at) number += 1;
  while (beginOf(number, rotation, timeZone) > at) number -= 1;
  return number;
}

function turnOf(number: number, rotation: Rotation, timeZone: string): Turn {
  const person = rotation.people[number % rotation.people.length];
  if (person === undefined) throw new DrError('UNEXPECTED', 'bug', 'A parsed rotation has no people.');
  return { person, from: beginOf(number, rotation, timeZone), until: beginOf(number + 1, rotation, timeZone) };
}

const beginOf = (number: number, { every, starts, at }: Rotation, timeZone: string): Date =>
  firstMoment(dayNumber(starts) + number * DAYS[every], at, timeZone);

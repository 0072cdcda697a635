import { at, bold, capital, mention, type PersonId, type Text, type TextPiece, utc } from '#core';
import type { ReadOverrides } from '#oncall';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What cards about duty are made from. */
export type DutyWorld = Pick<HoldfastWorld, 'plan' | 'roster' | 'store' | 'timeline' | 'clock'>;

export const DAY_MS = 24 * 60 * 60_000;
/** How far hand-overs and gaps are looked for. */
export const AHEAD_DAYS = 60;
export const aheadFrom = (from: Date): { from: Date; until: Date } => ({
  from,
  until: new Date(from.getTime() + AHEAD_DAYS * DAY_MS),
});

/** `@John Smith, @Jane Doe`. */
export const people = (list: readonly PersonId[]): Text =>
  list.flatMap((person, index): Text => (index === 0 ? [mention(person)] : [', ', mention(person)]));

/** `@John Smith`, or the word that nobody misses. */
export const firstOf = (list: readonly PersonId[]): TextPiece =>
  list[0] === undefined ? bold('NOBODY') : mention(list[0]);

/** In UTC, which can be typed again, and by the reader's own clock. */
export const bothClocks = (time: Date): Text => [utc(time), ', which is ', at(time), ' for you'];

/** Said on every card that overrides should have counted for. */
export const planAloneLines = ({ planAlone }: ReadOverrides): Text[] =>
  planAlone === undefined
    ? []
    : [[bold('BY THE PLAN ALONE'), ` - overrides can not be read. ${capital(planAlone.message)}`]];

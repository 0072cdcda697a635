import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { PersonId } from '#core';
import { turnAt, turnsBetween } from '#oncall';
import type { Rotation } from '#plan';
import { minutesOf } from './zone-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const people = ['ann', 'ben', 'cat', 'dan'].map((name) => PersonId.parse(name));
const NEW_YORK = 'America/New_York';

const rotation = (more: Partial<Rotation> = {}): Rotation => ({
  every: 'week',
  starts: '2026-01-05',
  at: '09:00',
  people: people.slice(0, 3),
  ...more,
});

describe('a turn', () => {
  it('goes round, a week or a day each, and begins with the first person on the first day', () => {
    const week = rotation();
    const who = (day: string): string | undefined => turnAt(week, NEW_YORK, new Date(day))?.person;
    expect(who('2026-01-05T13:59:59Z')).toBeUndefined();
    expect(who('2026-01-05T14:00:00Z')).toBe('ann');
    expect(who('2026-01-12T13:59:59Z')).toBe('ann');
    expect(who('2026-01-12T14:00:00Z')).toBe('ben');
    expect(who('2026-01-26T14:00:00Z')).toBe('ann');
    const day = rotation({ every: 'day' });
    expect(turnAt(day, 'UTC', new Date('2026-01-07T09:00:00Z'))?.person).toBe('cat');
  });

  it('is handed over at the same time by the clock on the wall, in winter and in summer', () => {
    const hours = turnsBetween(rotation(), NEW_YORK, new Date('2026-03-01T00:00Z'), new Date('2026-03-20T00:00Z'));
    expect(hours.map(({ from }) => from.toISOString().slice(5, 16))).toEqual([
      '02-23T14:00',
      '03-02T14:00',
      '03-09T13:00',
      '03-16T13:00',
    ]);
  });

  test.each([
    ['skips it by an hour', '2026-03-08', '02:30', NEW_YORK, '2026-03-08T07:00:00.000Z'],
    ['skips its first minute', '2026-03-08', '02:00', NEW_YORK, '2026-03-08T07:00:00.000Z'],
    ['comes back to it', '2026-11-01', '01:30', NEW_YORK, '2026-11-01T05:30:00.000Z'],
    ['skips 03:30', '2026-03-29', '03:30', 'Europe/Helsinki', '2026-03-29T01:00:00.000Z'],
    ['shows 03:30 twice', '2026-10-25', '03:30', 'Europe/Helsinki', '2026-10-25T00:30:00.000Z'],
    ['skips it by half an hour', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['comes back by half an hour', '2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z'],
    ['knows half-hour zones', '2026-06-01', '09:15', 'Asia/Kolkata', '2026-06-01T03:45:00.000Z'],
  ])('begins when the clock first shows its time or has passed it: one that %s', (_, day, at, zone, moment) => {
    const found = [
      ...turnsBetween(rotation({ every: 'day', at }), zone, new Date(`${day}T00:00Z`), new Date(`${day}T23:59Z`)),
    ];
    expect(found.map(({ from }) => from.toISOString())).toContain(moment);
  });

  it('ends where the next begins, and a look at two moments is a look at all between them', () => {
    const turns = turnsBetween(rotation(), NEW_YORK, new Date('2025-12-01T00:00Z'), new Date('2027-01-01T00:00Z'));
    expect(turns).toHaveLength(52);
    for (const [index, turn] of turns.entries()) {
      expect(turn.person).toBe(people[index % 3]);
      expect(turn.until).toEqual(turns[index + 1]?.from ?? turn.until);
    }
  });
});

const FROM = Date.UTC(2025, 0, 1);
const UNTIL = Date.UTC(2028, 0, 1);
const zones = ['America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'] as const;
const clocks = new Map(zones.map((zone) => [zone, minutesOf(zone, FROM, UNTIL)]));

/** A clock that jumped: everything around it is compared minute by minute. */
const jumps = (shown: Int32Array): number[] =>
  [...shown.keys()].filter((index) => index > 0 && (shown[index] ?? 0) - (shown[index - 1] ?? 0) !== 1);
const around = new Map([...clocks].map(([zone, shown]) => [zone, jumps(shown)]));

const wall = (day: string, at: string): number => {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  return Date.parse(`${day}T00:00:00Z`) / MINUTE_MS + hour * 60 + minute;
};
const two = (number: number): string => String(number).padStart(2, '0');
/** Mostly in the hours in which clocks change. */
const clockTimes = fc.tuple(
  fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 23 })),
  fc.integer({ min: 0, max: 59 }),
);

test('turns are those of somebody who looks at the clock on the wall every minute for three years', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom('day' as const, 'week' as const),
      fc.integer({ min: 0, max: 700 }),
      clockTimes,
      fc.integer({ min: 2, max: 4 }),
      (zone, every, offset, [hour, minute], count) => {
        const starts = new Date(FROM + offset * DAY_MINUTES * MINUTE_MS).toISOString().slice(0, 10);
        const at = `${two(hour)}:${two(minute)}`;
        const taken = rotation({ every, starts, at, people: people.slice(0, count) });
        const shown = clocks.get(zone) ?? new Int32Array();
        const [first, length] = [wall(starts, at), every === 'day' ? DAY_MINUTES : 7 * DAY_MINUTES];
        const check = (index: number, number: number): void => {
          const turn = turnAt(taken, zone, new Date(FROM + index * MINUTE_MS));
          const expected = number < 0 ? undefined : people[number % count];
          if (turn?.person !== expected) throw new Error(`${zone} ${index}: ${turn?.person} for ${expected}`);
        };
        const near = new Set(
          (around.get(zone) ?? []).flatMap((jump) => Array.from({ length: 240 }, (_, step) => jump - 120 + step)),
        );
        let furthest = Number.NEGATIVE_INFINITY;
        let before = Number.NEGATIVE_INFINITY;
        for (let index = 0; index < shown.length; index += 1) {
          furthest = Math.max(furthest, shown[index] ?? 0);
          const number = Math.max(-1, Math.floor((furthest - first) / length));
          if (number !== before) {
            if (index > 0) check(index - 1, before);
            check(index, number);
          } else if (near.has(index)) check(index, number);
          before = number;
        }
      },
    ),
    { numRuns: 8 },
  );
});

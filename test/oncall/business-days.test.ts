import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { escalateAt, nextBusinessDay } from '#oncall';
import type { Plan } from '#plan';
import { planWith } from './duty-world.ts';
import { minutesOf } from './zone-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
type Day = (typeof DAYS)[number];

const plan = planWith();
const within = (timeZone: string, businessDays: Partial<Plan['businessDays']> = {}): Plan => ({
  ...plan,
  timeZone,
  businessDays: { ...plan.businessDays, ...businessDays },
});
const next = (from: string, of = within('America/New_York')): string =>
  nextBusinessDay(of, new Date(from)).toISOString();

describe('the next business day', () => {
  it('is never the same day, and passes weekends and holidays', () => {
    expect(next('2026-11-23T05:00:00Z')).toBe('2026-11-24T14:00:00.000Z');
    expect(next('2026-11-27T22:00:00Z')).toBe('2026-11-30T14:00:00.000Z');
    const holidays = within('America/New_York', { holidays: ['2026-11-26', '2026-11-27'] });
    expect(next('2026-11-25T20:00:00Z', holidays)).toBe('2026-11-30T14:00:00.000Z');
  });

  it("begins by the plan's clock, whatever daylight saving did in between", () => {
    expect(next('2026-10-30T20:00:00Z')).toBe('2026-11-02T14:00:00.000Z');
    expect(next('2027-03-12T20:00:00Z')).toBe('2027-03-15T13:00:00.000Z');
    const sundays = within('America/New_York', { days: ['sunday'], starts: '02:30' });
    expect(next('2027-03-13T20:00:00Z', sundays)).toBe('2027-03-14T07:00:00.000Z');
    expect(next('2026-10-31T20:00:00Z', within('America/New_York', { days: ['sunday'], starts: '01:30' }))).toBe(
      '2026-11-01T05:30:00.000Z',
    );
  });

  it('takes the day of the plan, not of UTC', () => {
    expect(next('2026-11-24T03:00:00Z'), 'Monday 22:00 in New York').toBe('2026-11-24T14:00:00.000Z');
    expect(next('2026-11-27T20:00:00Z', within('Asia/Kolkata')), 'Saturday there').toBe('2026-11-30T03:30:00.000Z');
  });

  it('is when a Sev-3 page that nobody answers goes on', () => {
    expect(escalateAt(plan, 'sev-3', new Date('2026-11-27T22:00:00Z'))).toEqual(new Date('2026-11-30T14:00:00Z'));
  });
});

const FROM = Date.UTC(2026, 0, 1);
const UNTIL = Date.UTC(2027, 6, 1);
const zones = ['America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC', 'Africa/Cairo'] as const;
const clocks = new Map(zones.map((zone) => [zone, minutesOf(zone, FROM, UNTIL)]));
const dayOf = (shown: number): number => Math.floor(shown / DAY_MINUTES);
const iso = (day: number): string => new Date(day * DAY_MINUTES * MINUTE_MS).toISOString().slice(0, 10);

/** Goes on minute by minute until the clock on the wall shows a business day, at its start or later. */
function watched(
  shown: Int32Array,
  from: number,
  days: readonly Day[],
  holidays: readonly string[],
  starts: number,
): number {
  const today = dayOf(shown[from] ?? 0);
  let furthest = Number.NEGATIVE_INFINITY;
  for (let index = from; index < shown.length; index += 1) {
    furthest = Math.max(furthest, shown[index] ?? 0);
    const day = dayOf(furthest);
    const weekday = DAYS[new Date(day * DAY_MINUTES * MINUTE_MS).getUTCDay()] ?? 'sunday';
    const isOpen = days.includes(weekday) && !holidays.includes(iso(day));
    if (day > today && isOpen && furthest - day * DAY_MINUTES >= starts) return index;
  }
  return -1;
}

test('it is the one that somebody finds who looks at the clock on the wall every minute', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 500 * DAY_MINUTES }),
      fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1, maxLength: 6 }),
      fc.oneof(fc.integer({ min: 0, max: 4 * 60 }), fc.integer({ min: 0, max: DAY_MINUTES - 1 })),
      fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 8 }),
      (zone, from, days, starts, ahead) => {
        const shown = clocks.get(zone) ?? new Int32Array();
        const holidays = ahead.map((each) => iso(dayOf(shown[from] ?? 0) + each));
        const expected = watched(shown, from, days, holidays, starts);
        const time = [Math.floor(starts / 60), starts % 60].map((part) => String(part).padStart(2, '0')).join(':');
        const found = nextBusinessDay(
          within(zone, { days, holidays, starts: time }),
          new Date(FROM + from * MINUTE_MS + 30_000),
        );
        expect((found.getTime() - FROM) / MINUTE_MS).toBe(expected);
      },
    ),
    { numRuns: 300 },
  );
});

import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { OverrideId, systemRandom } from '#core';
import { oncallCard, takeCalendar } from '#flows';
import { cancelOverride, createRoster, readOverrides, setOverrides } from '#oncall';
import { createTimeline } from '#record';
import { alex, at, commander, david, dba, john, planWith } from '../../oncall/duty-world.ts';
import { wordsOf } from '../../support/words-of.ts';

const NOW = at('2026-11-30T16:00:00Z');

function company() {
  const clock = createSettableClock(NOW);
  const store = memoryControlStore(clock);
  const plan = planWith({ people: { 'new-hire': { name: 'New Hire' } } as never });
  const world = {
    plan,
    clock,
    store,
    roster: createRoster(plan),
    timeline: createTimeline({ store, clock, random: systemRandom }),
  };
  const take = async (text: string, name = 'dba.ics') =>
    wordsOf(
      await takeCalendar(
        { text, role: 'database-admin', name },
        { person: alex, name: 'Alex Chen', at: clock.now() },
        world,
      ),
      NOW,
    );
  const first = async (moment: string) => world.roster.callOrder(dba, at(moment), await readOverrides(store)).people;
  const entries = async () => (await world.timeline.read({ limit: 100 })).map(({ id }) => id);
  return { ...world, take, first, entries };
}

const calendar = (...shifts: readonly (readonly [uid: string, who: string, from: string, until: string])[]): string =>
  [
    'BEGIN:VCALENDAR',
    ...shifts.flatMap(([uid, who, from, until]) => [
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `SUMMARY:${who}`,
      `DTSTART:${from}T000000Z`,
      `DTEND:${until}T000000Z`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ].join('\n');
const BOTH = calendar(['1', 'David Kim', '20261201', '20261208'], ['2', 'John Smith', '20261208', '20261215']);

describe('dr oncall import', () => {
  it("makes a role's shifts those of the calendar, and again changes nothing", async () => {
    const { take, first, store, entries } = company();
    expect(await take(BOTH)).toContain(
      'Database Admin: 2 shifts new, 0 ended, 0 as before\nOV-1  David Kim from 2026-12-01',
    );
    expect(await first('2026-12-02T00:00Z')).toEqual([david, alex]);
    expect(await first('2026-12-09T00:00Z')).toEqual([john, alex, david]);
    const before = await readOverrides(store);
    expect(await take(BOTH)).toContain('Database Admin: nothing new in the calendar');
    expect(await readOverrides(store)).toEqual(before);
    expect(await entries()).toEqual(['OV-1/imported']);
  });

  it('that two people import at once is there once', async () => {
    const { take, store } = company();
    await Promise.all([take(BOTH), take(BOTH)]);
    expect(await readOverrides(store)).toHaveLength(2);
  });

  it('follows what changed in it, and leaves what is as before', async () => {
    const { take, first, store } = company();
    await take(BOTH);
    const changed = calendar(['1', 'David Kim', '20261201', '20261208'], ['2', 'Alex Chen', '20261208', '20261214']);
    expect(await take(changed)).toContain('1 shift new, 1 ended, 1 as before');
    expect(await first('2026-12-09T00:00Z')).toEqual([alex, david]);
    expect(await take(calendar())).toContain('0 shifts new, 2 ended, 0 as before');
    expect(await first('2026-12-02T00:00Z')).toEqual([alex, david]);
    expect((await readOverrides(store)).filter(({ cancelled }) => !cancelled)).toEqual([]);
  });

  it('lies under overrides by command, which it neither refuses nor ends', async () => {
    const { take, first, store, roster } = company();
    await take(BOTH);
    const wanted = [{ person: john, from: at('2026-12-02T00:00Z'), until: at('2026-12-03T00:00Z') }] as const;
    await setOverrides(store, roster, { role: dba, wanted, reason: undefined, by: alex });
    expect(await first('2026-12-02T12:00Z')).toEqual([john, alex, david]);
    await take(calendar());
    expect(await first('2026-12-02T12:00Z')).toEqual([john, david, alex]);
  });

  it('is changed in the calendar alone, and two calendars never have the same time', async () => {
    const { take, store } = company();
    await take(BOTH);
    await expect(cancelOverride(store, OverrideId.parse('OV-1'), alex)).rejects.toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('comes from the calendar dba.ics'),
    });
    const other = calendar(['9', 'Alex Chen', '20261207', '20261209']);
    await expect(take(other, 'other.ics')).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      data: { override: 'OV-1' },
    });
    expect(await readOverrides(store)).toHaveLength(2);
  });

  it('is refused for whoever has no role: to ask, and to be called', async () => {
    const world = company();
    await expect(world.take(calendar(['1', 'New Hire', '20261201', '20261208']))).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
      message: expect.stringContaining('New Hire has no role in the plan'),
    });
    const typed = { text: BOTH, role: 'database-admin', name: 'dba.ics' };
    const guest = { person: undefined, name: 'guest', at: NOW };
    await expect(takeCalendar(typed, guest, world)).rejects.toMatchObject({ code: 'NOT_LINKED' });
    const { plan } = world;
    const strict = { ...plan, mayAsk: { ...plan.mayAsk, 'oncall-override': [commander] } };
    await expect(takeCalendar(typed, { ...guest, person: alex }, { ...world, plan: strict })).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
    expect(await readOverrides(world.store)).toEqual([]);
  });

  it("is the role's duty on the card", async () => {
    const world = company();
    await world.take(BOTH);
    const text = wordsOf(await oncallCard({ at: at('2026-12-02T00:00Z') }, world), NOW);
    expect(text).toContain('Now David Kim until 2026-12-08 00:00:00 UTC, then John Smith');
    expect(text).not.toContain('Overrides to come');
  });
});

import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { DrError, systemRandom } from '#core';
import { type DutyWorld, gapsCard, nextCard, oncallCard } from '#flows';
import { createRoster, setOverrides } from '#oncall';
import type { Plan } from '#plan';
import type { Card } from '#ports';
import { createTimeline } from '#record';
import { alex, at, david, dba, john, planWith } from '../../oncall/duty-world.ts';
import { wordsOf } from '../../support/words-of.ts';

const NOW = at('2026-11-30T16:00:00Z');
const TURNS = { every: 'week' as const, starts: '2026-11-23', at: '09:00', people: [alex, david] };
const PHONE = 1_500;

function worldOf(plan: Plan = planWith()): DutyWorld {
  const clock = createSettableClock(NOW);
  const store = memoryControlStore(clock);
  return {
    plan,
    clock,
    store,
    roster: createRoster(plan),
    timeline: createTimeline({ store, clock, random: systemRandom }),
  };
}
const silent = (world: DutyWorld): DutyWorld => ({
  ...world,
  store: {
    ...world.store,
    records: (...args) => ({
      ...world.store.records(...args),
      find: async () => {
        throw new DrError('STORE_UNAVAILABLE', 'transient', 'no member of it answers.');
      },
    }),
  },
});
const take = (world: DutyWorld, person: typeof john, from: string, until: string) =>
  setOverrides(world.store, world.roster, {
    role: dba,
    wanted: [{ person, from: at(from), until: at(until) }],
    reason: undefined,
    by: alex,
  });
const words = (card: Card): string => wordsOf(card, NOW);
const away = (person: string) => ({ person, from: '2026-12-24T00:00:00Z', until: '2026-12-27T00:00:00Z' });

describe('/dr oncall', () => {
  it('says who is called now for which role, until when, and who then, on one phone screen', async () => {
    const world = worldOf(planWith({ rotation: TURNS }));
    await take(world, john, '2026-11-30T12:00Z', '2026-12-01T00:00Z');
    await take(world, john, '2026-12-24T00:00Z', '2026-12-25T00:00Z');
    const text = words(await oncallCard({ at: NOW }, world));
    expect(text).toContain(
      [
        'Database Admin - Database recovery',
        'Now John Smith (OV-1) until 2026-12-01 00:00:00 UTC, then David Kim',
        'No answer: Alex Chen, David Kim',
      ].join('\n'),
    );
    expect(text).toContain('Incident Commander - Overall coordination\nNow John Smith\nNo answer: Jane Doe');
    expect(text).toContain(
      'OV-2  Database Admin: John Smith from 2026-12-24 00:00:00 UTC until 2026-12-25 00:00:00 UTC',
    );
    expect(text).toContain('Next 60 days: GOOD - all 5 roles have a second person at any time.');
    expect(text).toContain('Duty is whom we call; who may approve is in the plan.');
    expect(text.length).toBeLessThan(PHONE);
  });

  it('says by whom it is where overrides can not be read', async () => {
    const text = words(await oncallCard({ at: NOW }, silent(worldOf())));
    expect(text).toContain('BY THE PLAN ALONE - overrides can not be read. No member of it answers.');
    expect(text).toContain('Now Alex Chen');
  });

  it('says that nobody is there, and whose turn is not taken', async () => {
    const gone = planWith({ away: ['alex-chen', 'david-kim'].map(away) });
    const text = words(await oncallCard({ at: at('2026-12-25T00:00Z') }, worldOf(gone)));
    expect(text).toContain('Now NOBODY until 2026-12-27 00:00:00 UTC, then Alex Chen\nNo answer: nobody after');
    const turn = planWith({ rotation: TURNS, away: [away('alex-chen')] });
    expect(words(await oncallCard({ at: at('2026-12-25T00:00Z') }, worldOf(turn)))).toContain(
      'Now David Kim (whose turn it is is away)',
    );
  });
});

describe('/dr oncall next', () => {
  it('lists the hand-overs to come, whatever makes them, the nearest first', async () => {
    const world = worldOf(planWith({ rotation: TURNS, away: [away('john-smith')] }));
    await take(world, john, '2026-12-02T00:00Z', '2026-12-03T00:00Z');
    const text = words(await nextCard({ role: undefined }, { at: NOW }, world));
    expect(text.split('\n').slice(0, 6)).toEqual([
      'Hand-overs',
      '2026-12-02 00:00:00 UTC  Database Admin: David Kim to John Smith (OV-1)',
      '2026-12-03 00:00:00 UTC  Database Admin: John Smith to David Kim (end of OV-1)',
      '2026-12-07 14:00:00 UTC  Database Admin: David Kim to Alex Chen',
      '2026-12-14 14:00:00 UTC  Database Admin: Alex Chen to David Kim',
      '2026-12-21 14:00:00 UTC  Database Admin: David Kim to Alex Chen',
    ]);
    expect(text).toContain('2026-12-24 00:00:00 UTC  Incident Commander: John Smith to Jane Doe');
    const one = words(await nextCard({ role: 'Incident Commander' }, { at: NOW }, world));
    expect(one).not.toContain('Database Admin');
  });

  it('says that there is none, and asks back where a role is not known', async () => {
    expect(words(await nextCard({ role: undefined }, { at: NOW }, worldOf()))).toContain(
      'No hand-over in the next 60 days.',
    );
    await expect(nextCard({ role: 'cook' }, { at: NOW }, worldOf())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('/dr oncall gaps', () => {
  it('says when nobody is there and what to type, who is not reached, and who has the holidays', async () => {
    const world = worldOf(
      planWith({
        away: ['alex-chen', 'david-kim', 'john-smith'].map(away),
        holidays: ['2026-12-25'],
        people: { [john]: { name: 'John Smith', slackUser: 'U0JOHNSMITH' } },
      }),
    );
    await take(world, john, '2026-12-26T00:00Z', '2026-12-28T00:00Z');
    const text = words(await gapsCard({ at: NOW }, world));
    expect(text).toMatch(
      /^Next 60 days: GAPS - 1 role at times with nobody and 1 role at times with only one person and|^Next 60 days: GAPS - 1 role at times with nobody, 1 role at times with only one person and 1 person not reached by every way\./,
    );
    expect(text).toContain(
      'Nobody is called\nDatabase Admin: from 2026-12-24 00:00:00 UTC until 2026-12-27 00:00:00 UTC, with the holiday 2026-12-25',
    );
    expect(text).toContain('Incident Commander: Jane Doe from 2026-12-24 00:00:00 UTC');
    expect(text).toContain('John Smith: no PagerDuty, no phone in the plan');
    expect(text).toContain('OV-1  John Smith from 2026-12-26 00:00:00 UTC until 2026-12-28 00:00:00 UTC');
    expect(text).toContain('2026-12-25  Jane Doe, Mike Johnson, Lisa Brown, Rachel Green');
    expect(text).toContain(
      'Next: /dr oncall override database-admin "..." --from "2026-12-24 00:00:00 UTC" --until "2026-12-27 00:00:00 UTC"',
    );
    expect(text.length).toBeLessThan(PHONE);
  });

  it('is one line where nothing is missing, and says when a role has one contact for good', async () => {
    expect(words(await gapsCard({ at: NOW }, worldOf()))).toBe(
      'Next 60 days: GOOD - all 5 roles have a second person at any time.',
    );
    expect(words(await gapsCard({ at: NOW }, worldOf(planWith({ backup: 'none' }))))).toContain(
      'THIN - 1 role at times with only one person.\nOnly one person is called\nDatabase Admin: Alex Chen the whole time',
    );
  });
});

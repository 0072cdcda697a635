import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { commands } from '#commands';
import { type DrError, type PersonId, systemRandom } from '#core';
import { commandFlow, type Flow, type HoldfastWorld } from '#flows';
import { createRoster, readOverrides } from '#oncall';
import type { Plan } from '#plan';
import { createTimeline, DirectMessage } from '#record';
import { alex, at, david, jane, john, planWith } from '../../oncall/duty-world.ts';
import { wordsOf } from '../../support/words-of.ts';

const NOW = at('2026-11-30T16:00:00Z');
const HOUR_MS = 60 * 60_000;
const TURNS = { every: 'week' as const, starts: '2026-11-23', at: '09:00', people: [alex, david] };

/** A company in which people can only talk about who is on duty. */
function company(plan: Plan = planWith()) {
  const clock = createSettableClock(NOW);
  const store = memoryControlStore(clock);
  const roster = createRoster(plan);
  const timeline = createTimeline({ store, clock, random: systemRandom });
  const flow = {
    plan,
    roster,
    store,
    clock,
    timeline,
    commands,
    random: systemRandom,
  } as unknown as Flow<HoldfastWorld>;
  const world = { ...flow, world: flow } as unknown as Flow<HoldfastWorld>;
  const say = async (line: string, speaking: PersonId | 'guest' = alex) => {
    const person = speaking === 'guest' ? undefined : speaking;
    let answer = '';
    let refused: DrError | undefined;
    const name = person ? roster.name(person) : 'U0GUEST';
    const speaker = {
      ...(person ? { person } : {}),
      name,
      team: 'T',
      user: 'U',
      via: 'slack',
      timeZone: 'America/New_York',
    } as const;
    await commandFlow({ line, speaker, intake: 'i', request: undefined }, world, {
      say: async (card) => {
        answer = wordsOf(card, clock.now());
      },
      refuse: async (error, card) => {
        refused = error;
        answer = wordsOf(card, clock.now());
      },
      ask: undefined,
    });
    return { answer, refused };
  };
  const entries = async () =>
    (await timeline.read({ limit: 100 })).map(({ id, actor, kind, inThread }) => ({ id, actor, kind, inThread }));
  const directs = async () => {
    const found = await store.records('direct-messages', DirectMessage).find({ limit: 100 });
    return found.map(({ value }) => value.id).toSorted();
  };
  return { clock, store, roster, say, entries, directs };
}

describe('/dr oncall override', () => {
  it('puts somebody first for a while, says so in UTC beside the own clock, and what it does not change', async () => {
    const { say, entries, store, directs } = company();
    const { answer } = await say(
      'oncall override database-admin "John Smith" --from "2026-12-24 18:00 America/New_York" --until "2026-12-27 09:00 my time" --reason "travel"',
    );
    expect(answer).toContain('SET - Database Admin on call   OV-1\nJohn Smith is called first');
    expect(answer).toContain('From 2026-12-24 23:00:00 UTC, which is 2026-12-24 23:00:00 UTC for you');
    expect(answer).toContain('Until 2026-12-27 14:00:00 UTC');
    expect(answer).toContain('In place of Alex Chen\n"travel"');
    expect(answer).toContain('No answer: David Kim, Alex Chen');
    expect(answer).toContain('John Smith is called, and can not approve as Database Admin');
    expect(answer).toContain('It changes whom we call, never who may approve. Take it back: /dr oncall cancel OV-1');
    expect(await entries()).toEqual([{ id: 'OV-1/set', actor: alex, kind: 'note', inThread: false }]);
    expect(await directs()).toEqual(['OV-1/set/john-smith']);
    expect(await readOverrides(store)).toHaveLength(1);
  });

  it('tells whoever is replaced by somebody else, and nobody what they asked for themselves', async () => {
    const { say, directs } = company();
    await say('oncall override "Database Admin" david-kim --until "in 8 hours"', david);
    expect(await directs()).toEqual(['OV-1/set/alex-chen']);
  });

  it('that is handled twice is set once and recorded once', async () => {
    const { say, entries, clock } = company();
    const line = 'oncall override database-admin david-kim --until "2026-12-01 08:00"';
    const first = await say(line);
    await clock.advance(3_000);
    const second = await say(line);
    expect(second).toEqual(first);
    expect((await entries()).map(({ id }) => id)).toEqual(['OV-1/set']);
  });

  it.each([
    ['a role nobody knows', 'databse-admin david-kim --until 20:00', 'NOT_FOUND', 'Did you mean Database Admin?'],
    ['somebody nobody knows', 'database-admin davd-kim --until 20:00', 'NOT_FOUND', 'Did you mean David Kim?'],
    ['the past', 'database-admin david-kim --until 15:00', 'TIME_INVALID', 'has been already. Nothing was changed.'],
    [
      'an end before the beginning',
      'database-admin david-kim --from 20:00 --until 19:00',
      'TIME_INVALID',
      'is not after',
    ],
    [
      'an hour that comes twice',
      'database-admin david-kim --from "2027-11-07 01:30 America/New_York" --until "2027-11-08 09:00"',
      'TIME_INVALID',
      '2027-11-07 05:30:00 UTC or 2027-11-07 06:30:00 UTC',
    ],
    ['a quarter of a year', 'database-admin david-kim --until "2027-03-03 00:00"', 'TIME_INVALID', 'more than 92 days'],
    [
      'years away',
      'database-admin david-kim --from "2028-03-03 00:00" --until "2028-03-04 00:00"',
      'TIME_INVALID',
      '366 days',
    ],
    [
      'whoever has it anyway',
      'database-admin alex-chen --until 20:00',
      'WRONG_STATE',
      'is called first for Database Admin then anyway',
    ],
    ['no end', 'database-admin david-kim', 'ARGUMENTS_INVALID', 'oncall override needs until'],
    [
      'a role of no plan for a person without one',
      'database-admin new-hire --until 20:00',
      'NOT_ALLOWED',
      'has no role in the plan',
    ],
    [
      'oneself in a role one does not hold',
      'incident-commander alex-chen --until 20:00',
      'NOT_ALLOWED',
      'John Smith, Jane Doe',
    ],
    [
      'somebody who is away',
      'database-admin tom-garcia --until "2026-12-02 00:00"',
      'WRONG_STATE',
      'Tom Garcia is away by the plan',
    ],
  ])('is refused for %s', async (_what, line, code, words) => {
    const { say, store, entries } = company(
      planWith({
        people: { 'new-hire': { name: 'New Hire' } } as never,
        away: [{ person: 'tom-garcia', from: '2026-12-01T00:00:00Z', until: '2026-12-03T00:00:00Z' }],
      }),
    );
    const { answer, refused } = await say(`oncall override ${line}`);
    expect([refused?.code, refused?.kind]).toEqual([code, 'user']);
    expect(answer).toContain(words);
    expect(answer).toContain('Nothing was changed.');
    expect([await readOverrides(store), await entries()]).toEqual([[], []]);
  });

  it('is for whoever the plan lets, and for nobody it does not know', async () => {
    const { say, store } = company();
    for (const line of ['oncall override database-admin david-kim --until 20:00', 'oncall cancel OV-1']) {
      expect((await say(line, 'guest')).refused?.code).toBe('NOT_LINKED');
    }
    expect(await readOverrides(store)).toEqual([]);
    const plan = planWith();
    const open = company({ ...plan, mayAsk: { ...plan.mayAsk, 'oncall-override': 'everyone' } });
    const guest = await open.say('oncall override database-admin david-kim --until 20:00', 'guest');
    expect(guest.refused?.code, 'even where the plan says that everyone may ask').toBe('NOT_LINKED');
  });

  it('is not done where --dry-run asks to be shown only', async () => {
    const { say, store } = company();
    const { answer, refused } = await say('oncall override database-admin david-kim --until 20:00 --dry-run');
    expect(refused?.code).toBe('ARGUMENTS_INVALID');
    expect(answer).toContain('oncall override has no preview, so --dry-run can not be. Nothing was changed.');
    expect(await readOverrides(store)).toEqual([]);
  });

  it('names the other where there is one already', async () => {
    const { say } = company();
    await say('oncall override database-admin john-smith --until "in 8 hours"');
    const { answer } = await say('oncall override database-admin david-kim --from 20:00 --until 23:00');
    expect(answer).toContain('John Smith takes Database Admin from');
    expect(answer).toContain('Next: /dr oncall cancel OV-1');
  });
});

describe('/dr oncall swap', () => {
  it('exchanges the next turns of two people', async () => {
    const { say, store, directs, roster } = company(planWith({ rotation: TURNS }));
    const { answer } = await say('oncall swap database-admin alex-chen david-kim', jane);
    // David's turn began this morning: his next one is in two weeks, and Alex has the one between
    expect(answer).toContain('OV-1  Alex Chen\nFrom 2026-12-14 14:00:00 UTC');
    expect(answer).toContain('OV-2  David Kim\nFrom 2026-12-07 14:00:00 UTC');
    const overrides = await readOverrides(store);
    const first = (text: string) =>
      roster.callOrder(overrides[0]?.role ?? ('' as never), at(text), overrides).people[0];
    expect([first('2026-12-08T00:00Z'), first('2026-12-15T00:00Z'), first('2026-12-22T00:00Z')]).toEqual([
      david,
      alex,
      alex,
    ]);
    expect(await directs()).toEqual([
      'OV-1/set/alex-chen',
      'OV-1/set/david-kim',
      'OV-2/set/alex-chen',
      'OV-2/set/david-kim',
    ]);
  });

  it.each([
    [
      'where nobody takes turns',
      undefined,
      'database-admin alex-chen david-kim',
      'Nobody takes turns as Database Admin',
    ],
    [
      'for somebody without a turn',
      TURNS,
      'database-admin alex-chen john-smith',
      'John Smith has no turn as Database Admin',
    ],
    ['of one person with herself', TURNS, 'database-admin alex-chen alex-chen', 'A swap takes two people'],
  ])('is refused %s', async (_what, rotation, line, words) => {
    const { say, store } = company(planWith(rotation ? { rotation } : {}));
    expect((await say(`oncall swap ${line}`)).answer).toContain(words);
    expect(await readOverrides(store)).toEqual([]);
  });
});

describe('/dr oncall cancel', () => {
  it('ends what lasts, with its other half, says who is called then, and records it', async () => {
    const { say, entries, clock } = company(planWith({ rotation: TURNS }));
    await say('oncall swap database-admin alex-chen david-kim', jane);
    await clock.advance(8 * 24 * HOUR_MS);
    const { answer } = await say('oncall cancel ov-2', john);
    expect(answer).toContain(
      'CANCELLED - Database Admin, Alex Chen   OV-1\nIt was to begin 2026-12-14 14:00:00 UTC. Called first from then: David Kim',
    );
    expect(answer).toContain(
      'CANCELLED - Database Admin, David Kim   OV-2\nIt ended 16:00:00 UTC. Called first from then: Alex Chen',
    );
    expect(await say('oncall cancel OV-2', john)).toMatchObject({ answer });
    expect((await entries()).map(({ id, actor }) => [id, actor])).toEqual([
      ['OV-1/set', jane],
      ['OV-2/set', jane],
      ['OV-1/cancelled', john],
      ['OV-2/cancelled', john],
    ]);
  });

  it('is refused for what was never there, and for what is no override', async () => {
    const { say } = company();
    expect((await say('oncall cancel OV-7')).refused?.code).toBe('NOT_FOUND');
    expect((await say('oncall cancel R-7')).answer).toContain('an override looks like OV-3');
  });
});

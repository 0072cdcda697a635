import { describe, expect, it } from 'vitest';
import { createRoster, findGaps, lookAhead } from '#oncall';
import { alex, at, commander, david, dba, john, overrideOf, planWith, tom } from './duty-world.ts';

const TIME = { from: at('2026-11-30T08:00Z'), until: at('2027-01-29T08:00Z') };
const away = (person: string, from: string, until: string) => ({ person, from, until });
const report = (more: Parameters<typeof planWith>[0] = {}, ...overrides: ReturnType<typeof overrideOf>[]) => {
  const plan = planWith(more);
  return findGaps(plan, createRoster(plan), overrides, TIME);
};
const CHRISTMAS = ['2026-12-24T00:00:00-05:00', '2026-12-27T00:00:00-05:00'] as const;

describe('looking ahead', () => {
  it('begins another stretch with every hand-over, absence and override, and nothing is left between them', () => {
    const plan = planWith({
      rotation: { every: 'week', starts: '2026-11-23', at: '09:00', people: [alex, david] },
      away: [away('alex-chen', '2026-12-09T00:00:00Z', '2026-12-10T00:00:00Z')],
    });
    const override = overrideOf({ person: john, from: '2026-12-01T00:00Z', until: '2026-12-02T00:00Z' });
    const stretches = lookAhead(plan, [override], dba, { from: TIME.from, until: at('2026-12-14T14:00Z') });
    expect(stretches.map(({ from, order }) => `${from.toISOString().slice(5, 16)} ${order.people[0]}`)).toEqual([
      '11-30T08:00 alex-chen',
      '11-30T14:00 david-kim',
      '12-01T00:00 john-smith',
      '12-02T00:00 david-kim',
      '12-07T14:00 alex-chen',
      '12-09T00:00 david-kim',
      '12-10T00:00 alex-chen',
    ]);
    expect(stretches.slice(1).map(({ from }) => from)).toEqual(stretches.slice(0, -1).map(({ until }) => until));
    expect(stretches.at(-1)?.until).toEqual(at('2026-12-14T14:00Z'));
  });
});

describe('gaps', () => {
  it('are none with two contacts a role whom every way reaches', () => {
    expect(report()).toMatchObject({ roles: 5, nobody: [], alone: [], unreachable: [], idle: [], holidays: [] });
  });

  it('are times with one contact or none, with the holidays in them', () => {
    const found = report({
      away: [
        away('alex-chen', ...CHRISTMAS),
        away('david-kim', '2026-12-25T12:00:00-05:00', '2026-12-30T00:00:00-05:00'),
      ],
      holidays: ['2026-12-25', '2027-01-01', '2026-11-29'],
    });
    expect(found.nobody).toEqual([
      {
        role: dba,
        from: at('2026-12-25T17:00Z'),
        until: at('2026-12-27T05:00Z'),
        only: undefined,
        holidays: ['2026-12-25'],
      },
    ]);
    expect(found.alone).toEqual([
      {
        role: dba,
        from: at('2026-12-24T05:00Z'),
        until: at('2026-12-25T17:00Z'),
        only: david,
        holidays: ['2026-12-25'],
      },
      { role: dba, from: at('2026-12-27T05:00Z'), until: at('2026-12-30T05:00Z'), only: alex, holidays: [] },
    ]);
    expect(found.holidays.map(({ day }) => day)).toEqual(['2026-12-25', '2027-01-01']);
    expect(found.holidays[1]?.first).toContain(alex);
    expect(found.holidays[0]?.first, 'nobody for the databases at noon').toHaveLength(4);
  });

  it('are filled by an override, and opened by one whose taker is away', () => {
    const absent = ['alex-chen', 'david-kim'].map((each) => away(each, ...CHRISTMAS));
    const times = { from: '2026-12-24T05:00Z', until: '2026-12-27T05:00Z' };
    const filled = report({ away: absent }, overrideOf({ person: john, ...times }));
    expect([filled.nobody, filled.alone.map(({ only }) => only)]).toEqual([[], [john]]);
    const idle = report(
      { away: [...absent, away('john-smith', ...CHRISTMAS)] },
      overrideOf({ person: john, ...times }),
      overrideOf({ person: john, id: 'OV-2', role: commander, from: '2027-01-01T00:00Z', until: '2027-01-02T00:00Z' }),
    );
    expect(idle.nobody.map(({ role, from }) => [role, from])).toEqual([[dba, at('2026-12-24T05:00Z')]]);
    expect(idle.idle.map(({ id }) => id)).toEqual(['OV-1']);
  });

  it('last the whole time where a role has one contact', () => {
    expect(report({ backup: 'none' }).alone).toEqual([{ role: dba, ...TIME, only: alex, holidays: [] }]);
  });

  it('name whoever would be called and lacks a way, and nobody else', () => {
    const { unreachable } = report({
      people: {
        [alex]: { name: 'Alex Chen', slackUser: 'U0ALEXCHEN' },
        [tom]: { name: 'Tom Garcia', pagerdutyUser: 'PTGARCIA', phone: '+1-555-0108' },
        'new-hire': { name: 'New Hire' },
      } as never,
    });
    expect(unreachable.toSorted((a, b) => a.person.localeCompare(b.person))).toEqual([
      { person: alex, lacks: ['PagerDuty', 'phone'] },
      { person: tom, lacks: ['Slack'] },
    ]);
  });
});

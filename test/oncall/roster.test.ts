import { describe, expect, it } from 'vitest';
import { PersonId, Role } from '#core';
import { createRoster } from '#oncall';
import { parsePlan } from '#plan';
import { edited, eldText } from '../plan/eld-plan.ts';
import { alex, david, dba, planWith, tom } from './duty-world.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');
const roster = createRoster(plan);
const [john, jane] = [PersonId.parse('john-smith'), PersonId.parse('jane-doe')];
const commander = Role.parse('incident-commander');

describe('the roster', () => {
  it('knows who holds a role, the primary contact first', () => {
    expect(roster.holders(commander)).toEqual([john, jane]);
    expect(roster.holders(Role.parse('cook'))).toEqual([]);
    expect(roster.rolesOf(jane)).toEqual([commander]);
    expect(roster.title(commander)).toBe('Incident Commander');
  });

  it('knows people by team and user id together, never by one of them', () => {
    expect(roster.byAccount({ team: 'T0ELDCORP', user: 'U0JOHNSMITH' })).toBe(john);
    expect(roster.byAccount({ team: 'T0OTHER', user: 'U0JOHNSMITH' })).toBeUndefined();
    expect(roster.byAccount({ team: 'T0ELDCORP', user: 'U0GUEST' })).toBeUndefined();
  });

  it('finds people by id or name, however it is typed', () => {
    for (const typed of ['john-smith', 'John Smith', ' @john  SMITH ']) expect(roster.findPerson(typed).id).toBe(john);
  });

  it('asks whether a near name was meant, and says who is on it otherwise', () => {
    expect(() => roster.findPerson('Jhon Smith')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: 'Did you mean John Smith?' }),
    );
    expect(() => roster.findPerson('nobody at all')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('Alex Chen') }),
    );
  });

  it('puts the deputy on duty while the first contact is away, and takes no role from anybody', () => {
    const away = parsePlan(
      edited([
        '  away: []',
        '  away: [{ person: john-smith, from: "2026-12-24T00:00:00Z", until: "2026-12-27T00:00:00Z" }]',
      ]),
      'plan.yaml',
    ).plan;
    const then = createRoster(away);
    expect(then.onDuty(commander, new Date('2026-12-23T23:59:59Z'))).toBe(john);
    expect(then.onDuty(commander, new Date('2026-12-24T00:00:00Z'))).toBe(jane);
    expect(then.onDuty(commander, new Date('2026-12-27T00:00:00Z'))).toBe(john);
    expect(then.holders(commander)).toEqual([john, jane]);
  });

  it('counts whoever takes turns in a role as holding it, after its two contacts', () => {
    const rotation = { every: 'week' as const, starts: '2026-11-23', at: '09:00', people: [tom, alex] };
    const turning = createRoster(planWith({ rotation }));
    expect(turning.holders(dba)).toEqual([alex, david, tom]);
    expect(turning.rolesOf(tom).toSorted()).toEqual([dba, 'security-lead']);
  });

  it('finds roles by id or title', () => {
    for (const typed of ['database-admin', 'Database Admin', 'database_ADMIN'])
      expect(roster.findRole(typed)).toBe(dba);
    expect(() => roster.findRole('Databse Admin')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: 'Did you mean Database Admin?' }),
    );
  });

  it("uses the plan's clock for whoever has none of their own", () => {
    expect(roster.timeZone(john)).toBe('America/New_York');
  });
});

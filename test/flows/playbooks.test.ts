import { describe, expect, it } from 'vitest';
import { IncidentId, RequestId } from '#core';
import { applicationPlaybook, cardOfPlaybook, databasePlaybook, type Surroundings } from '#flows';
import { parsePlan } from '#plan';
import { eldText } from '../plan/eld-plan.ts';
import { wordsOf } from '../support/words-of.ts';
import { backup, EAST, known, member, NOW, seen, unknown, view, WEST } from './status/seen.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');
const run = (id: string, state: string) => ({ id: RequestId.parse(id), state }) as never;
const facts = (change: Partial<Surroundings> = {}, more: object = {}) => ({
  ...{ seen: seen({ backups: known({ backups: [backup('VERIFIED')], unreachable: [] }), ...change }) },
  ...{ restore: undefined, swap: undefined, since: NOW },
  ...more,
});
const said = (steps: ReturnType<typeof databasePlaybook>, name: 'database' | 'application' = 'database'): string =>
  wordsOf(cardOfPlaybook(name, steps, IncidentId.parse('INC-17'), NOW));

describe('the database playbook', () => {
  it('shows its five steps as they are, and the command of the one that is next', () => {
    const text = said(databasePlaybook(facts()));
    expect(text).toMatch(
      /^PLAYBOOK - Database recovery {3}INC-17\n1 done {3}Assess the damage\n3 of 3 members answer, east-1 is primary\./,
    );
    expect(text).toContain('2 done   Find the latest valid backup\nB-1123-0800, ');
    expect(text).toMatch(
      /3 NOW {3}Restore it beside the live data\nNo restore was asked for since .*\.\n\/dr restore --to "10 minutes ago"\n\/dr restore latest/,
    );
    expect(text).toContain('4 next   Validate what was restored, and swap it in');
  });

  it('goes on with the run there is', () => {
    expect(said(databasePlaybook(facts({}, { restore: run('R-44', 'running') })))).toMatch(
      /3 NOW[\s\S]*R-44 is running\.\n\/dr show R-44/,
    );
    const restored = databasePlaybook(facts({}, { restore: run('R-44', 'done') }));
    expect(said(restored)).toMatch(/3 done[\s\S]*4 NOW[\s\S]*\/dr restore swap R-44/);
    const swapped = facts({}, { restore: run('R-44', 'done'), swap: run('R-45', 'done') });
    expect(said(databasePlaybook(swapped))).toMatch(
      /4 done[\s\S]*5 done {3}Resume operations\nWrites are taken; 0 of the last failed\./,
    );
  });

  it('never calls done what it can not see', () => {
    const blind = databasePlaybook(facts({ database: unknown(), backups: unknown(), traffic: unknown() }));
    expect(blind.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'open', 'open', 'unknown']);
    const noPrimary = view([member('east-1', EAST), member('west-1', WEST)]);
    expect(databasePlaybook(facts({ database: noPrimary })).at(-1)).toMatchObject({
      state: 'open',
      seen: ['No member takes writes.'],
    });
    expect(
      databasePlaybook(facts({ backups: known({ backups: [backup('DAMAGED')], unreachable: [] }) }))[1]?.state,
    ).toBe('open');
  });
});

describe('the application playbook', () => {
  it('is about the region that users are sent to, with the exact commands', () => {
    const text = said(applicationPlaybook(facts(), plan), 'application');
    expect(text).toMatch(
      /1 NOW {3}Stop the services of us-east-1\n3 of 3 answer\.\n\/dr failover us-west-2 --reason ".*"\nkubectl --context us-east-1 -n eld scale deployment\/eld-api --replicas=0/,
    );
    expect(text).toContain('2 not seen   Restore the application state');
    expect(text).toContain('5 done   Verify that it works');
  });

  it('does not know what it can not see', () => {
    const replicas = new Map([[EAST, unknown()]]);
    const steps = applicationPlaybook(facts({ replicas, traffic: unknown() }), plan);
    expect(steps.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'unknown']);
  });
});

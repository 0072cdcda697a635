import { describe, expect, it } from 'vitest';
import { DrError } from '#core';
import { loadPlan, parsePlan } from '#plan';
import { edited, eldText, mistakesIn, placeOf } from './eld-plan.ts';

describe('mistakes in plan.yaml', () => {
  it('are all told at once, with line and column, and nothing starts', () => {
    const text = edited(
      ['    us-west-2: eld-vault-us-west-2', '    us-wset-2: eld-vault-us-west-2'],
      ['      backup: david-kim\n', ''],
      ['error_rate_percent: 10', 'error_rate_percent: 0.1'],
    );
    const error = (() => {
      try {
        return parsePlan(text, 'plan.yaml');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(DrError);
    expect(error).toMatchObject({ code: 'PLAN_INVALID', kind: 'user' });
    const message = (error as DrError).message;
    expect(message).toMatch(/^plan\.yaml has 9 mistakes\. Holdfast did not start\.\n/);
    expect(message).toMatch(/\nCheck without starting: dr plan check$/);
    expect(mistakesIn(text)).toContainEqual({
      ...placeOf(text, 'us-wset-2'),
      path: 'mongodb.vault_buckets.us-wset-2',
      sentence: '"us-wset-2" is not a region. Did you mean us-west-2?',
    });
    expect(mistakesIn(text)).toContainEqual({
      ...placeOf(text, '0.1\n'),
      path: 'thresholds.error_rate_percent',
      sentence: '0.1 means 0.1 %. 10 % is written 10.',
    });
    expect(mistakesIn(text)).toContainEqual({
      ...placeOf(text, 'needs:\n      - { any_of: [incident'),
      path: 'approvals.failover',
      sentence: 'needs a Database Admin besides the asker, but the roster has only one person there.',
    });
    expect(message.split('\n').every((line) => line.length <= 58 || !/ .* .* /.test(line.trim()))).toBe(true);
  });

  it.each([
    [
      'an unknown key, with a near one',
      ['hotline: +1', 'hotlien: +1'],
      'contacts.hotlien',
      'is not a key Holdfast knows. Did you mean hotline?',
    ],
    [
      'a key in the spelling of the code',
      ['time_zone: America/New_York', 'timeZone: America/New_York'],
      'timeZone',
      'is not a key Holdfast knows. Did you mean time_zone?',
    ],
    ['a missing key', ['  consecutive_failures: 3\n', ''], 'thresholds.consecutive_failures', 'is missing.'],
    [
      'a word for a number',
      ['rto_minutes: 240', 'rto_minutes: four'],
      'objectives.rto_minutes',
      '"four" is not a number.',
    ],
    [
      'a word that is nearly right',
      ['role: hot-standby', 'role: hot-standyb'],
      'regions.us-west-2.role',
      '"hot-standyb" is not one of primary, hot-standby, cold-standby. Did you mean hot-standby?',
    ],
    [
      'a misspelled region',
      ['  us-west-2:\n    role', '  us-wset-2:\n    role'],
      'regions.us-wset-2',
      '"us-wset-2" is not a region. Did you mean us-west-2?',
    ],
    [
      'an unknown person',
      ['primary: alex-chen', 'primary: alex-chan'],
      'roster.roles.database-admin.primary',
      '"alex-chan" is not a person of the roster. Did you mean alex-chen?',
    ],
    [
      'an unknown role',
      ['page: [incident-commander, database-admin]', 'page: [incident-comander, database-admin]'],
      'severities.sev-1.page[0]',
      '"incident-comander" is not a role. Did you mean incident-commander?',
    ],
    [
      'one account for two people',
      ['slack_user: U0TOMGARCIA', 'slack_user: U0LISABROWN'],
      'roster.people.tom-garcia.slack_user',
      'has the Slack account of lisa-brown. One account is one person.',
    ],
    [
      'one name for two people',
      ['name: Tom Garcia', 'name: lisa brown'],
      'roster.people.tom-garcia.name',
      'is the name of lisa-brown too. A person is there once.',
    ],
    [
      'somebody who is their own deputy',
      ['backup: jane-doe', 'backup: john-smith'],
      'roster.roles.incident-commander.backup',
      'john-smith is the primary contact already. Name another person or none.',
    ],
    [
      'an e-mail for an account',
      ['slack_user: U0JANEDOE', 'slack_user: jane@eld.example'],
      'roster.people.jane-doe.slack_user',
      '"jane@eld.example" is not a Slack user id like U0JOHNSMITH, never a name or an e-mail.',
    ],
    [
      'a schedule that is none',
      ['full: 0 2 * * 0', 'full: 0 25 * * 0'],
      'components.application.schedules.full',
      '"0 25 * * 0" is not a schedule: Constraint error, got value 25 expected range 0-23.',
    ],
    [
      'a schedule with too few fields',
      ['full: 0 2 * * 0', 'full: 0 2 *'],
      'components.application.schedules.full',
      '"0 2 *" is not a schedule: it has 3 of 5 fields (minute hour day month weekday).',
    ],
    [
      'a time zone that is none',
      ['time_zone: America/New_York', 'time_zone: America/NewYork'],
      'time_zone',
      '"America/NewYork" is not a time zone. Did you mean America/New_York?',
    ],
    [
      'a test that is too seldom',
      ['schedule: 10 2 * * *', 'schedule: 10 2 1 * *'],
      'recovery_tests.tests[0].schedule',
      '"10 2 1 * *" is less often than weekly.',
    ],
    [
      'a retention against a law',
      ['    retention: { years: 1 }', '    retention: { years: 3 }'],
      'components.user-files.retention',
      '3 years is longer than CCPA allows for personal_data (2 years).',
    ],
    [
      'a retention below a law',
      [
        '    hot_retention: { days: 30 }\n    retention: { years: 7 }',
        '    hot_retention: { days: 30 }\n    retention: { years: 5 }',
      ],
      'components.logs.retention',
      '5 years is shorter than GDPR asks for audit_logs (7 years).',
    ],
    [
      'a nearly right group',
      ['retention: { days: 365 }', 'retention: { day: 365 }'],
      'components.configuration.retention.day',
      'is not a key Holdfast knows. Did you mean days?',
    ],
    [
      'a nearly right word where a group could be',
      ['  backup: none', '  backup: nne'],
      'approvals.backup',
      '"nne" is not none or a group of keys. Did you mean none?',
    ],
    [
      'traffic that does not end at 100',
      ['[5, 25, 50, 100]', '[5, 25, 50]'],
      'failover.failback.traffic_percent',
      'must rise step by step and end at 100.',
    ],
    [
      'a failover slower than its target',
      ['failover_minutes: 15\n  eu-west-1', 'failover_minutes: 20\n  eu-west-1'],
      'regions.us-west-2.failover_minutes',
      '20 is more than objectives.failover_minutes (15).',
    ],
    [
      'backups that are thinned out before their promise ends',
      ['    yearly: { years: 7 }', '    yearly: { years: 4 }'],
      'mongodb.thinning',
      'keeps nothing longer than 4 years, but mongodb.retention promises 7 years.',
    ],
    [
      'a grace period that a backup under way outlasts',
      ['    grace_days: 7', '    grace_days: 1'],
      'mongodb.prune.grace_days',
      'must be 2 at least: a backup that is under way looks like one that was left.',
    ],
    [
      'a bucket that is missing',
      ['    eu-west-1: eld-vault-eu-west-1\n', ''],
      'mongodb.vault_buckets',
      'has no bucket for eu-west-1.',
    ],
    [
      'a switch that is lost with what it turns away from',
      ['us-east-1: { region: us-west-2,', 'us-east-1: { region: us-east-1,'],
      'service.dns.switch.us-east-1.region',
      'is us-east-1 itself: lost with it, nobody could throw it.',
    ],
  ] as const)('%s', (_name, change, path, sentence) => {
    const text = edited(change);
    const found = mistakesIn(text);
    expect(found.map((mistake) => [mistake.path, mistake.sentence])).toEqual([[path, sentence]]);
    const line = text.split('\n')[(found[0]?.line ?? 0) - 1] ?? '';
    expect(line.length).toBeGreaterThanOrEqual((found[0]?.column ?? 0) - 1);
  });

  it('a policy for two people of a role with two is refused because one of them may ask', () => {
    const text = edited(['{ any_of: [database-admin], people: 1 }', '{ any_of: [database-admin], people: 2 }']);
    expect(mistakesIn(text).map(({ path, sentence }) => [path, sentence])).toEqual([
      ['approvals.failover', 'needs 2 Database Admins besides the asker, but the roster has only 2 people there.'],
    ]);
  });

  it('a slip in the roster does not hide that nobody can approve', () => {
    const text = edited(['slack_user: U0JANEDOE', 'slack_user: jane'], ['      backup: david-kim\n', '']);
    const paths = mistakesIn(text).map(({ path }) => path);
    expect(paths).toContain('roster.people.jane-doe.slack_user');
    expect(paths).toContain('approvals.failover');
  });

  it('a key written twice is named', () => {
    const text = edited(['    jane-doe: {', '    john-smith: {']);
    expect(mistakesIn(text)).toEqual([
      {
        ...placeOf(text, 'john-smith: { name: Jane Doe'),
        path: 'john-smith',
        sentence: 'is written twice in the same group.',
      },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a list', '- a'],
    ['no YAML', 'a: ['],
  ])('%s is no plan', (_name, text) => {
    expect(mistakesIn(text)).toHaveLength(1);
    expect(() => parsePlan(text, 'plan.yaml')).toThrow(/plan\.yaml has 1 mistake\. Holdfast did not start\./);
  });

  it('what was written is shown on one line, cut, without control codes', () => {
    const text = edited(['rto_minutes: 240', `rto_minutes: "\\e[31m${'x'.repeat(200)}"`]);
    expect(mistakesIn(text)[0]?.sentence).toMatch(/^" \[31mx+\.\.\." is not a number\.$/);
  });

  it('a file that is not there says what to set', async () => {
    await expect(loadPlan('/nowhere/plan.yaml')).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      hint: 'Set HOLDFAST_PLAN to the path of plan.yaml.',
    });
  });

  it('none: the plan as it is', () => {
    expect(mistakesIn(eldText)).toEqual([]);
  });
});

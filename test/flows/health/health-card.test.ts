import { describe, expect, it } from 'vitest';
import { MaintenanceId, PersonId } from '#core';
import type { Maintenance } from '#detection';
import { chartLine, type HealthSeen, healthCardOf, sparkLine } from '#flows';
import type { HistoryStep } from '#ports';
import { plainText } from '#record';
import { EAST, FAILED, moment, type Sees, START, UNSEEN, WEST, watchFor } from '../../detection/reports.ts';
import { eldPlan } from '../../support/eld-plan.ts';
import { wordsOf } from '../../support/words-of.ts';

const step = (minutes: number, lowest: number): HistoryStep => ({
  from: moment(minutes * 60),
  lowest,
  mean: lowest,
  samples: 1,
});

function seen(sees: Sees, more: Partial<HealthSeen> & { readonly seconds?: number } = {}): HealthSeen {
  const { seconds = 300, ...rest } = more;
  const { last, reports } = watchFor({ seconds, sees, ...(more.maintenance ? { maintenance: more.maintenance } : {}) });
  return {
    now: moment(seconds + 5),
    judgement: last,
    reports,
    maintenance: [],
    since: START,
    history: new Map(),
    ...rest,
  };
}
const words = (what: HealthSeen, only?: typeof EAST): string => wordsOf(healthCardOf(what, eldPlan, only), moment(305));

describe('/dr health', () => {
  it('says how well all is, each check in each region with its reason, and how old that is', () => {
    const whole = Array.from({ length: 12 }, (_, index) => step(index * 5, 100));
    const history = new Map([
      ['overall', whole],
      ['database_connectivity', whole],
    ]);
    const said = words(seen(() => undefined, { seconds: 3_600, history }));
    expect(said).toContain('WELL - health 100 %');
    expect(said).toContain(
      '08:00:00 UTC \u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587 09:00:05 UTC\nlowest 100 %',
    );
    expect(said).toContain(
      'Database 100 %, critical\n\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587\u2587 lowest 100 %\nus-east-1 WELL',
    );
    expect(said).toContain('us-east-1 WELL: answers');
    expect(said).toContain('everywhere WELL: answers');
    expect(said).toContain('Seen from eu-west-1, us-east-1, us-west-2. Judged 09:00:00 UTC, 5.0 s ago.');
    expect(
      healthCardOf(
        seen(() => undefined),
        eldPlan,
      ).push,
    ).toBe('WELL. Health 100 %. /dr health');
  });

  it('says what fails since when and why, as a word and not as a colour', () => {
    const down: Sees = (_from, probe, at) =>
      probe.region === EAST && probe.name === 'http' && at >= moment(60) ? FAILED('ELD answers 503') : undefined;
    const said = words(seen(down));
    expect(said).toContain('BREACH - health 85.7 %');
    expect(said).toContain('us-east-1 FAILING since 08:01:00 UTC: us-east-1 ELD answers 503.');
    expect(said).toContain('seen from eu-west-1, us-east-1, us-west-2.');
    expect(said).toContain('us-west-2 WELL: answers');
  });

  it('says that something begins to fail before it counts', () => {
    const once: Sees = (from, probe, at) =>
      from === WEST && probe.region === EAST && probe.name === 's3' && at >= moment(290)
        ? FAILED('S3 does not answer')
        : undefined;
    const said = words(seen(once, { seconds: 330 }));
    expect(said).toContain('us-east-1 WELL SO FAR: s3 failed 1 in a row from us-west-2: S3 does not answer it says');
    expect(said).toContain('WELL - health 100 %');
  });

  it('never says well of what it can not see', () => {
    const blind = words(seen((_from, probe) => (probe.name === 'logins' ? UNSEEN : undefined)));
    expect(blind).toContain('Security not seen');
    expect(blind).toContain('everywhere NOT SEEN: no right');
    const old = seen(() => undefined);
    expect(words({ ...old, now: moment(300 + 121) })).toContain('CANNOT SEE - health 100 %');
  });

  it('shows what is in maintenance, and that it fails', () => {
    const window: Maintenance = {
      ...{ id: MaintenanceId.parse('M-3'), of: EAST, by: PersonId.parse('alex-chen'), why: 'index build <!channel>' },
      ...{ from: START, until: moment(7_200) },
    };
    const said = words(
      seen((_from, probe) => (probe.region === EAST ? FAILED('x') : undefined), { maintenance: [window] }),
    );
    expect(said).toContain('M-3 us-east-1 until 10:00:00 UTC, Alex Chen: "index build <!channel>"');
    expect(said).toContain('(in maintenance M-3');
    expect(said).not.toContain('BREACH');
  });

  it('shows one region when asked for one', () => {
    const said = words(
      seen(() => undefined),
      WEST,
    );
    expect(said).toContain('us-west-2 WELL');
    expect(said).not.toContain('us-east-1 WELL');
    expect(said).not.toContain('everywhere');
  });

  it('says how to start when nobody has ever looked', () => {
    const said = words({ ...seen(() => undefined), judgement: undefined });
    expect(said).toContain('NOT SEEN - no detector has reported yet.');
    expect(said).toContain('node src/main.ts detector');
  });

  it('fits a phone while all is well', () => {
    const dips = [step(0, 100), step(5, 42), step(20, 99.96)];
    const history = new Map(
      ['overall', ...eldPlan.detection.checks.map(({ name }) => name)].map((each) => [each, dips]),
    );
    expect(
      words(
        seen(() => undefined, { history }),
        EAST,
      ).length,
    ).toBeLessThan(1_500);
    const charts = words(seen(() => undefined, { history }))
      .split('\n')
      .filter((line) => /[\u2581-\u2587]|lowest|not seen for/.test(line));
    expect(charts).toHaveLength(6 * 3);
    for (const line of charts) expect(line.length, line).toBeLessThanOrEqual(40);
  });
});

describe('the history in one line', () => {
  const span = { since: START, until: moment(3_600), count: 6 };

  it('has a block for each step, lower where it was lower, and a dot where nobody looked', () => {
    expect(sparkLine([step(0, 100), step(10, 75), step(20, 50), step(40, 0)], { ...span, stepMs: 600_000 })).toBe(
      '\u2587\u2583\u2581\u00b7\u2581\u00b7',
    );
  });

  it('says what its lowest was and when, and for how long nobody looked', () => {
    const dip = [step(0, 100), step(10, 57.18), step(20, 57.18), step(40, 100)];
    const said = chartLine(dip, span, 'ends').map((line) => plainText(line, String, START));
    expect(said).toEqual([
      '08:00:00 UTC \u2587\u2581\u2581\u00b7\u2587\u00b7 09:00:00 UTC',
      'lowest 57.1 % after 08:20:00 UTC',
      '\u00b7 not seen for 20 min',
    ]);
    expect(chartLine(dip, span, 'alone')).toHaveLength(3);
  });

  it('never calls 100 % what is a little less', () => {
    const said = chartLine([step(0, 99.99)], { ...span, count: 1 }, 'alone').flat();
    expect(said.join('')).toContain('lowest 99.9 %');
  });
});

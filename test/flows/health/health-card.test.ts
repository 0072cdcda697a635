import { describe, expect, it } from 'vitest';
import { MaintenanceId, PersonId } from '#core';
import type { Maintenance } from '#detection';
import { type HealthSeen, healthCardOf, sparkLine } from '#flows';
import type { HistoryStep } from '#ports';
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
  return { now: moment(seconds + 5), judgement: last, reports, maintenance: [], since: START, steps: [], ...rest };
}
const words = (what: HealthSeen, only?: typeof EAST): string => wordsOf(healthCardOf(what, eldPlan, only), moment(305));

describe('/dr health', () => {
  it('says how well all is, each check in each region with its reason, and how old that is', () => {
    const said = words(seen(() => undefined, { steps: [step(0, 100), step(10, 100)] }));
    expect(said).toContain('WELL - health 100 %');
    expect(said).toContain('last 3 h, lowest 100 %');
    expect(said).toContain('Database 100 %, critical');
    expect(said).toContain('us-east-1 WELL: answers');
    expect(said).toContain('everywhere WELL: answers');
    expect(said).toContain('Seen from eu-west-1, us-east-1, us-west-2. Judged 08:05:00 UTC, 5.0 s ago.');
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
    expect(words(seen(() => undefined)).length).toBeLessThan(1_500);
  });
});

describe('the history in one line', () => {
  it('has a block for each step, lower where it was lower, and a dot where nobody looked', () => {
    const span = { since: START, stepMs: 600_000, count: 6 };
    expect(sparkLine([step(0, 100), step(10, 75), step(20, 50), step(40, 0)], span)).toBe(
      '\u2588\u2584\u2581\u00b7\u2581\u00b7',
    );
  });
});

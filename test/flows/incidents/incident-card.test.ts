import { describe, expect, it } from 'vitest';
import { incidentCard } from '#flows';
import { USERS } from '../flow-bench.ts';
import { incidentBench, MINUTE } from './incident-bench.ts';

describe('the card of an incident', () => {
  it('says what, since when, who, who next, by when, the clocks and what to do, in less than 1,500 characters', async () => {
    const { round, finding, duties, clock, words, press } = incidentBench();
    const since = new Date(clock.now().getTime() - 2 * MINUTE);
    await round(finding({ since, breach: true }));
    await duties();
    await press(USERS.alex, 'inc-ack', 'INC-1');
    clock.advance(6 * MINUTE);
    const text = await words('INC-1');
    expect(text).toMatch(/^SEV-1 OPEN - us-east-1 database has no primary\nINC-1, since .* \(\d min/);
    expect(text).toContain('Drivers cannot save logs.');
    expect(text).toMatch(
      /Incident Commander {3}John Smith, paged .*, no answer\nDatabase Admin {3}Alex Chen, acknowledged /,
    );
    expect(text).toMatch(/Next page {3}Jane Doe at .*, in \d+ min\n/);
    expect(text).toMatch(/Respond(ed {3}.*, after | by {3})/);
    expect(text).toMatch(
      /Down for {3}\d min.* of 4 h \(RTO\)\nData at risk {3}not measured\nFailover {3}\d min.* left to its 15 min target/,
    );
    expect(text).toContain('Proposed: planned failover us-east-1 -> us-west-2, R-1, waiting for');
    expect(text).toContain('[I have it] [Page more...] [Not an incident...]');
    expect(text).toMatch(/Hotline \+1-555-0199\. PagerDuty: .*\. Sev-1\. Updated .*, every 15 s$/);
    expect(text.length).toBeLessThan(1_500);
  });

  it('has at most three buttons a row and five in its menu, each spoken alone', async () => {
    const { round, finding, card } = incidentBench();
    await round(finding());
    for (const part of (await card('INC-1')).parts) {
      if (part.kind !== 'buttons') continue;
      expect(part.buttons.length).toBeLessThanOrEqual(3);
      expect(part.more.length).toBeLessThanOrEqual(5);
      for (const { spoken } of [...part.buttons, ...part.more]) expect(spoken).toContain('INC-1');
    }
  });

  it('moves its clocks every quarter of a minute, and shows at once what somebody does', async () => {
    const { round, finding, card, clock, press, flow } = incidentBench();
    await round(finding());
    // to the beginning of a slot, so that the second after it lies in the same
    clock.advance(15_000 - ((await flow.store.now()).getTime() % 15_000));
    const first = await card('INC-1');
    clock.advance(1_000);
    expect(await card('INC-1')).toEqual(first);
    await press(USERS.john, 'inc-ack', 'INC-1');
    const acknowledged = await card('INC-1');
    expect(acknowledged).not.toEqual(first);
    clock.advance(15_000);
    expect(await card('INC-1')).not.toEqual(acknowledged);
  });

  it('does not say how long it is down when nobody looks any more', async () => {
    const { round, finding, words } = incidentBench();
    const silent = finding({
      key: 'detectors/silent',
      region: undefined,
      title: 'No detector reports',
      critical: false,
    });
    await round(finding(), silent);
    const text = await words('INC-1');
    expect(text).toMatch(/Down for: unknown since .* \(no detector reports\)\. Do not trust green below\./);
    expect(text).not.toContain('(RTO)');
  });

  it('has no clocks for what users do not feel', async () => {
    const { round, finding, words } = incidentBench();
    await round(finding({ severity: 'sev-3' }));
    const text = await words('INC-1');
    expect(text).toMatch(/^SEV-3 OPEN/);
    expect(text).not.toMatch(/Down for|Hotline|PagerDuty/);
  });

  it('says that a target is missed', async () => {
    const { round, finding, clock, words } = incidentBench();
    await round(finding({ since: new Date(clock.now().getTime() - 5 * 60 * MINUTE) }));
    const text = await words('INC-1');
    expect(text).toMatch(/Down for {3}5 h.* of 4 h \(RTO\), OVER/);
    expect(text).toMatch(/Failover {3}its 15 min target is missed since /);
  });

  it('says who it was that nobody answered, everyone as one word', async () => {
    const { round, finding, duties, clock, incident, flow } = incidentBench();
    await round(finding());
    for (let times = 0; times < 5; times += 1) {
      await duties();
      clock.advance(16 * MINUTE);
    }
    await duties();
    const view = {
      ...{ incident: await incident('INC-1'), now: clock.now(), everyMs: 15_000, calls: [], proposals: [] },
      ...{ rpo: { ms: 2_100 }, blind: undefined },
    };
    const { wordsOf } = await import('../../support/words-of.ts');
    const text = wordsOf(incidentCard(view, flow));
    expect(text).toContain('Data at risk   2.1 s of 15 min (RPO)');
    expect(text).toMatch(/Incident Commander {3}everyone, paged .*, no answer/);
    expect(text).toContain('Nobody responded by ');
    expect(text.length).toBeLessThan(1_500);
  });
});

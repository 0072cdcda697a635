import { describe, expect, it } from 'vitest';
import { PersonId } from '#core';
import { cardOf, type RequestView, type Surroundings } from '#flows';
import { createRoster, Override } from '#oncall';
import { parsePlan } from '#plan';
import { eldText } from '../../plan/eld-plan.ts';
import { wordsOf } from '../../support/words-of.ts';
import {
  backup,
  capturing,
  EAST,
  known,
  measured,
  member,
  members,
  NOW,
  R42,
  seen,
  unknown,
  view,
  WEST,
} from './seen.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');
const world = { plan, roster: createRoster(plan) };
const alex = PersonId.parse('alex-chen');
const protectedBy = known({ backups: [backup('VERIFIED')], unreachable: [] });

const said = (facts: Surroundings, person?: PersonId): string => wordsOf(cardOf(facts, { person }, world));

/** A request as far as a line of the status needs it. */
function waitingFor(labels: readonly string[]): RequestView {
  const slots = labels.map((label) => ({ label, eligible: [alex], given: undefined }));
  const preview = { preview: { title: 'planned failover us-east-1 -> us-west-2' }, hash: 'f'.repeat(64) };
  return {
    request: { id: R42, command: 'failover', state: 'waiting', preview },
    slots,
    run: undefined,
    steps: [],
  } as never;
}

describe('/dr status', () => {
  it('is calm when everything was seen and nothing is wrong', () => {
    const text = said(seen({ backups: protectedBy }));
    expect(text).toMatch(/^ALL GOOD as seen /);
    expect(text).toContain('us-east-1 serves ELD. 412 writes/s, 0 failed in 10 s');
    expect(text).toContain('us-west-2 ready, 0.4 s behind. eu-west-1 holds backups');
    expect(text).toContain('verified, in us-east-1, us-west-2');
    expect(text).toContain('At risk    1.9 s of writes now (target 15 min)');
    expect(text).toContain('John Smith, Alex Chen');
    expect(text).toContain('no incident, no run, no approval');
  });

  it('names whoever has a role by an override, and says when overrides are not known', () => {
    const at = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000);
    const override = Override.parse({
      id: 'OV-3',
      role: 'database-admin',
      person: 'david-kim',
      from: at(-1),
      until: at(1),
      by: alex,
      setAt: at(-2),
    });
    const text = said(seen({ backups: protectedBy, overrides: known([override]) }));
    expect(text).toContain('On duty    John Smith, David Kim   /dr oncall');
    expect(said(seen({ backups: protectedBy, overrides: unknown() }))).toContain(
      'John Smith, Alex Chen by the plan alone   /dr oncall',
    );
  });

  it('never says that all is good over a fact it could not get', () => {
    for (const gap of ['weights', 'traffic', 'backups', 'waiting', 'runs'] as const) {
      const text = said(seen({ backups: protectedBy, [gap]: unknown() }));
      expect(text, gap).toMatch(/^CANNOT SEE ALL/);
      expect(text, gap).toContain('not known');
    }
  });

  it('tells what is wrong with Holdfast itself before anything green', () => {
    const text = said(seen({ backups: protectedBy, wakeAlive: known(false) }));
    expect(text).toMatch(/^CANNOT SEE ALL.*\nRedis does not answer\.\nRuns are safe in the journal/);
    expect(text).toContain('dr doctor');
    expect(said(seen({ backups: protectedBy, store: unknown() }))).toContain('The control store does not answer');
    const slack = said(seen({ backups: protectedBy, chatOutSince: known(new Date('2026-11-23T08:09:00Z')) }));
    expect(slack).toContain('Slack could not be reached since 08:09:00 UTC');
  });

  it('names each trouble of the protected system', () => {
    const noPrimary = members.map((each) => ({ ...each, state: 'secondary' as const }));
    expect(said(seen({ database: view(noPrimary) }))).toMatch(/^TROUBLE[\s\S]*the database has no primary/);
    const two = [member('east-1', EAST, { state: 'primary' }), member('west-1', WEST, { state: 'primary' })];
    expect(said(seen({ database: view(two) }))).toContain('2 members say that they are primary: east-1, west-1');
    const silent = members.map((each) => (each.host === 'west-1' ? { ...each, state: 'unreachable' as const } : each));
    const west = said(seen({ database: view(silent), backups: protectedBy }));
    expect(west).toContain('west-1 does not answer');
    expect(west).toContain('us-west-2 NOT READY: its database member does not answer');
    const blocked = members.map((each) => ({ ...each, blocked: true }));
    expect(said(seen({ database: view(blocked) }))).toContain('writes are blocked');
    const failing = known({ windowMs: 10_000, byRegion: [{ region: EAST, acknowledged: 50, failed: 50 }] });
    expect(said(seen({ traffic: failing }))).toContain('50 % of writes fail (limit 10 %)');
    const thin = new Map([[EAST, known({ wanted: 3, ready: 1 })]]);
    expect(said(seen({ replicas: thin }))).toContain('1 of 3 eld-api answer in us-east-1');
    const damaged = known({ backups: [backup('DAMAGED')], unreachable: [] });
    expect(said(seen({ backups: damaged }))).toContain('the newest backup, B-1123-0800, is damaged');
  });

  it('says how far capture is, and when it is paused, silent or never began', () => {
    const good = said(seen({ backups: protectedBy }));
    expect(good).toContain('Captured   to 08:11:58 UTC, 1.4 s of writes not yet');
    const paused = capturing({ trouble: '1 of 2 regions took it.' });
    expect(said(seen({ backups: protectedBy, capture: known(paused) }))).toMatch(
      /^TROUBLE[\s\S]*Capture is paused: 1 of 2 regions took it\./,
    );
    const silent = capturing({ at: new Date(NOW.getTime() - 60_000) });
    expect(said(seen({ backups: protectedBy, capture: known(silent) }))).toMatch(
      /^TROUBLE[\s\S]*Capture has said nothing for 1 min; durable up to 08:11:58 UTC/,
    );
    expect(said(seen({ backups: protectedBy, capture: known(undefined) }))).toContain('Nothing is captured yet');
  });

  it('says what is at risk as it was measured, and that it is not known when nobody measured it', () => {
    const pending = [{ time: { seconds: 2, increment: 1 }, at: new Date(NOW.getTime() - 130_000) }];
    const of = (rpo: Surroundings['rpo']) => said(seen({ backups: protectedBy, rpo }));
    expect(of(known(measured(1_900, { pending })))).toContain('At risk    2 min 10 s of writes now (target 15 min)');
    const lookedAt = new Date(NOW.getTime() - 90_000);
    expect(of(known(measured(1_900, { lookedAt })))).toContain(
      'At risk    not measured since 08:10:30 UTC: no worker has looked since (target 15 min)',
    );
    const old = measured(1_900);
    const quiet = {
      ...old,
      durable: { ...old.durable, at: lookedAt },
      failure: { since: lookedAt, why: 'No rights.' },
    };
    expect(of(known(quiet as never))).toContain('At risk    not measured since 08:10:30 UTC: No rights.');
    expect(of(known(undefined))).toContain('At risk    0.4 s of writes not in another region (target 15 min)');
  });

  it('names every alarm that is open with its next command, and is not calm over one', () => {
    const alarm = { id: 'A-12', title: 'Nobody captures', since: NOW, next: '/dr status' } as never;
    expect(said(seen({ backups: protectedBy, alarms: known([alarm]) }))).toMatch(
      /^TROUBLE[\s\S]*ALARM A-12 Nobody captures since 08:12:00 UTC\. \/dr status/,
    );
    expect(said(seen({ backups: protectedBy, alarms: unknown() }))).toMatch(/^CANNOT SEE ALL/);
  });

  it('names open incidents before everything else, the worst first, and who has each', () => {
    const incident = (id: string, severity: string, hold?: object) =>
      ({
        id,
        severity,
        title: 'us-east-1 database has no primary',
        openedBy: 'holdfast',
        since: NOW,
        legs: [{ hold }],
      }) as never;
    const incidents = known([incident('INC-9', 'sev-3', { by: alex }), incident('INC-17', 'sev-1')]);
    const text = said(seen({ backups: protectedBy, incidents }));
    expect(text).toMatch(
      /^SEV-1 INC-17 us-east-1 database has no primary since 08:12:00 UTC, nobody has it\nSEV-3 INC-9 .*, Alex Chen on it\nUNDER WAY/,
    );
    expect(text).toContain('2 incidents, no run');
    expect(said(seen({ backups: protectedBy, incidents: unknown() }))).toMatch(/^CANNOT SEE ALL/);
  });

  it('says at a first start that nothing is protected yet', () => {
    expect(said(seen())).toMatch(/^NOT PROTECTED[\s\S]*no backup\. Start: \/dr backup mongodb/);
  });

  it('does not say so while a bucket that may hold one is silent', () => {
    const silent = known({ backups: [], unreachable: [{ region: WEST, problem: new Error('dead') as never }] });
    const text = said(seen({ backups: silent }));
    expect(text).not.toContain('Nothing is protected');
    expect(text).toContain('no answer from the vault in us-west-2');
  });

  it('shows what waits, and to whoever may approve that they may', () => {
    const facts = seen({ backups: protectedBy, waiting: known([waitingFor(['Database Admin'])]) });
    expect(said(facts)).toMatch(/^UNDER WAY[\s\S]*R-42 APPROVAL NEEDED - planned failover/);
    expect(said(facts)).not.toContain('You may approve');
    expect(said(facts, alex)).toContain('waits for Database Admin. You may approve.');
    expect(said(facts)).toContain('1 approval missing');
  });

  it('calls a region it could not ask not known, and none ready without the database having been seen', () => {
    const silent = new Map([
      [EAST, known({ wanted: 3, ready: 3 })],
      [WEST, unknown()],
    ]);
    expect(said(seen({ replicas: silent }))).toContain('us-west-2 not known (no answer in 1.6 s)');
    const blind = said(seen({ database: unknown() }));
    expect(blind).toContain('east-1 takes writes. Lag and votes are not known now.');
    expect(blind).toContain('us-west-2: 2 of 2 eld-api answer');
    expect(blind).not.toMatch(/us-west-2 (NOT )?(ready|READY)/);
    expect(said(seen({ database: unknown(), rpo: unknown() }))).not.toContain('At risk');
  });

  it('says who serves by the records alone, also while traffic is shared', () => {
    const shared = known([
      { region: EAST, weight: 95 },
      { region: WEST, weight: 5 },
    ]);
    expect(said(seen({ weights: shared }))).toContain('us-east-1 95 %, us-west-2 5 % of drivers');
    expect(said(seen({ weights: unknown() }))).toContain('Who serves ELD is not known (no answer in 1.6 s)');
    expect(NOW).toBeInstanceOf(Date);
  });
});

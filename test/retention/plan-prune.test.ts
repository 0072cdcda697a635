import { describe, expect, test } from 'vitest';
import { RequestId } from '#core';
import { type KnownBackup, planPrune } from '#retention';
import { ask, backup, idOf, NOW, POLICY, piece, removedFrom } from './questions.ts';

const day = (text: string): KnownBackup => backup(`${text}T03:00`);
const whyOf = (found: ReturnType<typeof planPrune>, id: string): readonly string[] =>
  found.keep.find(({ unit }) => unit.place?.backup === id)?.why ?? [];

describe('of each period', () => {
  test('the first full stays for its term, and the others go', () => {
    // two of one day, five weeks and more ago: only the week's, month's and year's first is needed
    const backups = ['2026-09-28T03:00', '2026-09-28T15:00', '2026-09-29T03:00', '2026-11-24T03:00'].map((at) =>
      backup(at),
    );
    expect(removedFrom(ask({ backups }))).toEqual([idOf('2026-09-28T15:00'), idOf('2026-09-29T03:00')]);
  });

  test('a full that comes later takes the place of a change, which goes with its term', () => {
    const full = backup('2026-09-01T03:00');
    const change = backup('2026-09-28T01:00', { parent: full.place });
    const later = backup('2026-09-28T03:00');
    const question = ask({ backups: [full, change, later, day('2026-11-24')] });
    expect(removedFrom(question)).toEqual([change.place.backup]);
  });

  test('a backup stays until the end of its longest term, and goes then', () => {
    const one = backup('2019-11-24T12:00');
    const others = [day('2019-11-25'), day('2026-11-24')];
    expect(removedFrom(ask({ backups: [one, ...others] }, { now: new Date('2026-11-24T11:59:59Z') }))).not.toContain(
      one.place.backup,
    );
    expect(removedFrom(ask({ backups: [one, ...others] }, { now: new Date('2026-11-24T12:00:01Z') }))).toContain(
      one.place.backup,
    );
  });

  test('days are those of the plan, not of UTC', () => {
    const [evening, morning] = [backup('2026-11-02T04:30'), backup('2026-11-02T05:30')];
    const days = { ...POLICY, tiers: { ...POLICY.tiers, hourly: { days: 1 } } };
    const question = ask({ backups: [evening, morning, day('2026-11-24')] }, { policy: days });
    expect(removedFrom(question)).toEqual([morning.place.backup]);
    // in New York the first is of the day before
    expect(removedFrom({ ...question, policy: { ...days, timeZone: 'America/New_York' } })).toEqual([]);
  });
});

test('what stands on a parent keeps it, however far down', () => {
  const full = backup('2026-01-01T03:00');
  const first = backup('2026-01-02T03:00', { parent: full.place });
  const second = backup('2026-09-28T03:00', { parent: first.place });
  const policy = { ...POLICY, tiers: { ...POLICY.tiers, yearly: { days: 1 }, monthly: { days: 1 } } };
  const plan = planPrune(ask({ backups: [full, first, second, day('2026-11-24')] }, { policy }));
  expect(plan.remove).toEqual([]);
  expect(whyOf(plan, full.place.backup)).toContain(`${second.place.backup} stands on it`);
});

describe('the continuous window', () => {
  const log = (from: string, through: string): string[] => {
    const pieces: string[] = [];
    for (let at = Date.parse(`${from}Z`); at < Date.parse(`${through}Z`); at += 6 * 3_600_000) {
      pieces.push(
        piece(new Date(at).toISOString().slice(0, 16), new Date(at + 6 * 3_600_000).toISOString().slice(0, 16)),
      );
    }
    return pieces;
  };
  const policy = {
    ...POLICY,
    tiers: { ...POLICY.tiers, weekly: { days: 1 }, monthly: { days: 1 }, yearly: { days: 1 } },
  };

  test('keeps the newest backup before it and the log from there, and lets the older log go', () => {
    const [older, base] = [backup('2026-10-10T03:00'), backup('2026-10-18T03:00')];
    const question = ask(
      { backups: [older, base, day('2026-11-24')], pieces: log('2026-10-01T00:00', '2026-11-24T12:00') },
      { policy },
    );
    const removed = removedFrom(question);
    expect(removed).toContain(older.place.backup);
    expect(removed).not.toContain(base.place.backup);
    const hours = removed.filter((name) => name.startsWith('0001')).sort();
    expect([hours[0], hours.at(-1)]).toEqual(['0001 2026-10-01T06', '0001 2026-10-18T00']);
  });

  test('begins after a gap with the first backup behind it', () => {
    const [before, after] = [backup('2026-10-18T03:00'), backup('2026-11-05T03:00')];
    const pieces = [...log('2026-10-18T00:00', '2026-11-01T00:00'), ...log('2026-11-04T00:00', '2026-11-24T12:00')];
    const plan = planPrune(
      ask(
        { backups: [before, after, day('2026-11-24')], pieces },
        { policy: { ...policy, tiers: { ...policy.tiers, daily: { days: 1 }, hourly: { days: 1 } } } },
      ),
    );
    expect(plan.remove).toEqual([]);
    expect(whyOf(plan, after.place.backup)).toEqual(['the window of 35 days stands on it']);
  });
});

test('what is held, used, young or the newest stays without any term', () => {
  const policy = {
    ...POLICY,
    tiers: Object.fromEntries(Object.keys(POLICY.tiers).map((tier) => [tier, { days: 1 }])) as typeof POLICY.tiers,
  };
  const [held, used, idle, young, newest] = ['2026-05-01', '2026-05-02', '2026-05-03', '2026-11-18', '2026-11-19'].map(
    day,
  ) as [KnownBackup, KnownBackup, KnownBackup, KnownBackup, KnownBackup];
  const question = ask(
    { backups: [held, used, idle, young, newest] },
    {
      policy,
      held: [{ place: held.place, reason: 'court' }],
      inUse: [{ backup: used.place.backup, run: RequestId.parse('R-7'), what: 'restore' }],
    },
  );
  expect(removedFrom(question)).toEqual([idle.place.backup]);
  expect(whyOf(planPrune(question), used.place.backup)).toEqual(['R-7 uses it (restore)']);
  expect(removedFrom({ ...question, now: new Date('2026-12-24T12:00:00Z'), held: [], inUse: [] })).not.toContain(
    newest.place.backup,
  );
});

test('a doubt takes no good backup away: the doubtful one stays, and the next good one beside it', () => {
  const [doubtful, good, extra] = [
    backup('2026-09-28T03:00', { doubt: 'found damaged' }),
    backup('2026-09-29T03:00'),
    backup('2026-09-30T03:00'),
  ];
  const question = ask({ backups: [doubtful, good, extra, day('2026-11-24')] });
  expect(removedFrom(question)).toEqual([extra.place.backup]);
});

test('a backup of which a segment is missing stands for nothing', () => {
  const [torn, whole] = [backup('2026-09-28T03:00'), backup('2026-09-29T03:00')];
  const question = ask({ backups: [torn, whole, day('2026-11-24')] });
  (question.inventory.keys as Map<string, unknown>).delete(torn.segments[0] ?? '');
  expect(removedFrom(question)).toEqual([]);
});

test('a manifest that tells nothing keeps all of its place and what it may stand on', () => {
  const policy = {
    ...POLICY,
    tiers: Object.fromEntries(Object.keys(POLICY.tiers).map((tier) => [tier, { days: 1 }])) as typeof POLICY.tiers,
  };
  const [older, full, hidden] = ['2026-05-01', '2026-05-02', '2026-05-03'].map(day) as [
    KnownBackup,
    KnownBackup,
    KnownBackup,
  ];
  const others = {
    [`segments/2026/${hidden.place.backup}/a1/documents-000000`]: '2026-05-03T03:00',
    [`manifests/2026/${hidden.place.backup}`]: '2026-05-03T03:00',
  };
  const question = ask(
    { backups: [older, full, day('2026-11-24')], unknown: [{ place: hidden.place, why: 'hidden' }], others },
    { policy },
  );
  expect(removedFrom(question)).toEqual([older.place.backup]);
});

test('leftovers go once they are old, and what nobody knows never', () => {
  const others = {
    'segments/2026/B-0901-0300/dead/documents-000000': '2026-09-01T03:00',
    'keys/2026-B-0901-0300-dead/0001': '2026-09-01T03:00',
    'segments/2026/B-1123-0300/dead/documents-000000': '2026-11-23T03:00',
    'checks/2026/B-0801-0300/2026-08-02T00:00:00.000Z': '2026-08-02T00:00',
    'record/anchors/000000000001.json': '2020-01-01T00:00',
    'something/else': '2020-01-01T00:00',
  };
  const question = ask({ backups: [day('2026-11-24')], others });
  expect(removedFrom(question)).toEqual(['B-0901-0300', 'checks B-0801-0300']);
});

test('a clock before the newest object stops everything, with what to do', () => {
  const question = ask({ backups: [day('2026-11-24')] }, { now: new Date('2026-11-20T12:00:00Z') });
  const [refusal] = planPrune(question).refusals;
  expect(refusal).toMatch(
    /It is 2026-11-20T12:00:00.000Z here, but a bucket wrote .* 3 days later\. Put the clock of this machine right\./,
  );
  expect(planPrune({ ...question, now: NOW }).refusals).toEqual([]);
});

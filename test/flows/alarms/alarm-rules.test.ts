import { describe, expect, it } from 'vitest';
import { type Alarm, openAlarms } from '#alarms';
import { BackupId } from '#core';
import { windowLeftMs } from '#flows';
import { keepCheck } from '#vault';
import { smallBackup } from '../../support/small-backup.ts';
import { alarmBench } from './alarm-bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const keys = (alarms: readonly Alarm[]): string[] => alarms.map(({ key }) => key);
const at = (text: string): Date => new Date(text);
const lockOf = (clock: { now(): Date }) => ({
  mode: 'governance' as const,
  until: new Date(clock.now().getTime() + 30 * DAY),
});

describe('backups on time', () => {
  /** A full backup at 03:00 New York and one of changes at 07:00; now it is 07:10 there. */
  async function morning() {
    const bench = alarmBench('2026-11-23T08:00:00Z');
    const { clock, vault, schedule } = bench;
    await schedule('mongodb-full', { nextDueAt: at('2026-11-24T08:00:00Z'), lastDueAt: at('2026-11-23T08:00:00Z') });
    await schedule('mongodb-changes', { nextDueAt: at('2026-11-23T13:00:00Z'), lastDueAt: at('2026-11-23T12:00:00Z') });
    await clock.advance(MINUTE);
    await smallBackup(vault, { backup: BackupId.parse('B-1123-0800'), lock: lockOf(clock) });
    await clock.advance(4 * HOUR);
    await smallBackup(vault, { backup: BackupId.parse('B-1123-1200'), lock: lockOf(clock) });
    await clock.advance(9 * MINUTE);
    return bench;
  }
  /** Two looks, so far apart that what lasts is raised. */
  const look = async ({ look, clock }: Awaited<ReturnType<typeof morning>>) => {
    await look('backup-late');
    await clock.advance(5 * MINUTE);
    return look('backup-late');
  };

  it('raise nothing, and nothing while the next is due but not late', async () => {
    const bench = await morning();
    expect(await look(bench)).toEqual([]);
    await bench.clock.advance(at('2026-11-23T13:20:00Z').getTime() - bench.clock.now().getTime());
    expect(await look(bench)).toEqual([]);
  });

  it('and late ones do: changes after half an hour, the full one after its window, each until it is there', async () => {
    const bench = await morning();
    await bench.clock.advance(at('2026-11-23T13:31:00Z').getTime() - bench.clock.now().getTime());
    const [late] = await look(bench);
    expect(late).toMatchObject({ key: 'backup-late/changes', next: '/dr backup mongodb --changes' });
    expect(late?.since).toEqual(at('2026-11-23T13:30:00Z'));
    await smallBackup(bench.vault, { backup: BackupId.parse('B-1123-1336'), lock: lockOf(bench.clock) });
    expect(await bench.look('backup-late')).toEqual([]);
    await bench.clock.advance(at('2026-11-24T10:01:00Z').getTime() - bench.clock.now().getTime());
    expect(keys(await look(bench))).toEqual(['backup-late/full', 'backup-late/changes']);
  });

  it('are not waited for by changes while a backup is under way', async () => {
    const bench = await morning();
    await bench.clock.advance(at('2026-11-23T13:31:00Z').getTime() - bench.clock.now().getTime());
    await bench.ended('backup', 'running');
    expect(await look(bench)).toEqual([]);
  });

  it('that fail are told at once, with the reason, until one succeeds', async () => {
    const bench = await morning();
    const run = await bench.ended('backup', 'failed', 'S3 in us-east-1 refused: AccessDenied.');
    const [failed] = await bench.look('backup-failed');
    expect(failed).toMatchObject({ key: 'backup-failed', next: `/dr show ${run}` });
    expect(failed?.cause.join('')).toBe(`${run}: S3 in us-east-1 refused: AccessDenied.`);
    await bench.clock.advance(MINUTE);
    await bench.ended('backup', 'done');
    expect(await bench.look('backup-failed')).toEqual([]);
  });
});

describe('the oplog', () => {
  const second = (time: string) => ({ seconds: at(time).getTime() / 1_000, increment: 1 });
  const full = { member: 'east-1', first: second('2026-11-22T20:00:00Z'), last: second('2026-11-23T08:00:00Z') };

  it('is measured by what it holds when it is full, and by its pace before', () => {
    expect(windowLeftMs({ ...full, bytes: 50e9, maxBytes: 50e9 })).toBe(12 * HOUR);
    expect(windowLeftMs({ ...full, bytes: 10e9, maxBytes: 50e9 })).toBe(60 * HOUR);
    expect(windowLeftMs({ ...full, bytes: 50e9, maxBytes: 50e9 }, full.last.seconds - 3_600)).toBe(11 * HOUR);
    const young = { ...full, first: second('2026-11-23T07:59:00Z') };
    expect(windowLeftMs({ ...young, bytes: 10e9, maxBytes: 50e9 })).toBeUndefined();
  });

  it('raises an alarm when it gets too short for the plan, by its shortest member, and ends it well above', async () => {
    const { setRooms, look, clock } = alarmBench('2026-11-23T08:00:00Z');
    const west = { ...full, member: 'west-1', first: second('2026-11-21T08:00:00Z'), bytes: 50e9, maxBytes: 50e9 };
    setRooms([west, { ...full, bytes: 50e9, maxBytes: 50e9 }]);
    await look('oplog-window');
    await clock.advance(MINUTE);
    const [alarm] = await look('oplog-window');
    expect(alarm?.cause.join('')).toBe('The oplog of east-1 holds 12 h more than capture needs; the plan wants 24 h.');
    setRooms([west]);
    await look('oplog-window');
    await clock.advance(10 * MINUTE);
    expect(await look('oplog-window')).toEqual([]);
  });

  it('raises one for each member whose oplog may not grow as large as the plan says', async () => {
    const { setRooms, look } = alarmBench('2026-11-23T08:00:00Z');
    setRooms([
      { ...full, bytes: 1, maxBytes: 990 * 2 ** 20 },
      { ...full, member: 'west-1', bytes: 1, maxBytes: 50e9 },
    ]);
    const [alarm, ...others] = await look('oplog-small');
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ key: 'oplog-small/east-1', cause: ['It may grow to 1.0 GB; the plan says 50 GB.'] });
    expect(alarm?.next).toContain('replSetResizeOplog: 1, size: 47684');
  });
});

describe('the RPO', () => {
  it('above the target is an alarm when it lasts, and over when it is well below', async () => {
    const { store, look, clock } = alarmBench('2026-11-23T08:00:00Z');
    const rpos = store.records('capture-rpo', (await import('zod')).z.any());
    const canary = (ageMs: number) => ({
      ...{ id: 'rpo', number: 1, regions: [], lookedAt: clock.now() },
      pending: [{ time: { seconds: 1, increment: 1 }, at: new Date(clock.now().getTime() - ageMs) }],
    });
    await rpos.insert(canary(16 * MINUTE));
    await look('rpo-high');
    await clock.advance(15_000);
    const write = async (ageMs: number) => {
      const seen = await rpos.get('rpo');
      if (seen) await rpos.replace(seen, canary(ageMs));
    };
    await write(16 * MINUTE + 15_000);
    const [alarm] = await look('rpo-high');
    expect(alarm?.cause.join('')).toContain(
      'The oldest write that is not durable is 16 min 15 s old, the target is 15 min.',
    );
    await write(14 * MINUTE);
    await look('rpo-high');
    await clock.advance(2 * MINUTE);
    await write(14 * MINUTE);
    expect(await look('rpo-high')).toHaveLength(1);
    await write(MINUTE);
    await look('rpo-high');
    await clock.advance(MINUTE);
    await write(MINUTE);
    expect(await look('rpo-high')).toEqual([]);
  });
});

describe('the vault', () => {
  it('that was found damaged is an alarm a backup, until it is read back whole', async () => {
    const { vault, look, clock } = alarmBench('2026-11-23T08:00:00Z');
    const { header } = await smallBackup(vault, { backup: BackupId.parse('B-1123-0800'), lock: lockOf(clock) });
    const place = { year: header.year, backup: header.backup };
    const check = (verdict: 'VERIFIED' | 'DAMAGED') => ({
      ...{ format: 'holdfast-vault' as const, ...place, at: clock.now(), verdict, unreachable: [], restorable: true },
      regions: header.regions,
      damage:
        verdict === 'DAMAGED'
          ? [{ region: header.regions[1] ?? header.regions[0], segment: 's', problem: 'Cut.' }]
          : [],
      healed: [],
    });
    expect(await look('damage')).toEqual([]);
    await keepCheck(vault, place, check('DAMAGED') as never);
    const [alarm] = await look('damage');
    expect(alarm).toMatchObject({ key: 'damage/B-1123-0800', next: '/dr verify B-1123-0800' });
    await clock.advance(MINUTE);
    await keepCheck(vault, place, check('VERIFIED') as never);
    expect(await look('damage')).toEqual([]);
  });

  it('whose keys were not wrapped anew in time is an alarm a week later', async () => {
    const { vault, look, clock } = alarmBench('2026-11-23T08:00:00Z');
    await smallBackup(vault, { backup: BackupId.parse('B-1123-0800'), lock: lockOf(clock) });
    await clock.advance(96 * DAY);
    expect(await look('keys-overdue')).toEqual([]);
    await clock.advance(2 * DAY);
    const [alarm] = await look('keys-overdue');
    expect(alarm).toMatchObject({ next: '/dr keys rotate --due', since: at('2027-02-21T08:00:00Z') });
  });

  it('whose retention failed, or has not run for days, is an alarm', async () => {
    const bench = alarmBench('2026-11-23T08:00:00Z');
    expect(await bench.look('retention-failed')).toEqual([]);
    await bench.ended('prune-daily', 'failed', 'Pruning is refused: the clock is off.');
    expect(await bench.look('retention-failed')).toMatchObject([{ title: 'Retention failed' }]);
    await bench.clock.advance(DAY);
    await bench.ended('prune-daily', 'done');
    expect(await bench.look('retention-failed')).toEqual([]);
    await bench.clock.advance(3 * DAY);
    expect(await bench.look('retention-failed')).toMatchObject([
      { title: 'Retention is late', next: '/dr prune daily' },
    ]);
  });
});

describe('who captures', () => {
  it('is missed when the lease has run out for longer than the plan says, not during a takeover', async () => {
    const { leases, store, look, clock } = alarmBench('2026-11-23T08:00:00Z');
    const states = store.records('capture', (await import('zod')).z.any());
    const position = { timeline: 1, through: { seconds: 1_795_507_000, increment: 1 }, term: 1, previous: null };
    await states.insert({ id: 'capture', token: 1, holder: 'c1', at: clock.now(), position, behindMs: 0 });
    await leases.acquire('capture', 'capture-us-east-1-7', 7_000);
    await clock.advance(7_000 + 29_000);
    expect(await look('capture-leaderless')).toEqual([]);
    await clock.advance(2_000);
    const [alarm] = await look('capture-leaderless');
    expect(alarm?.cause).toEqual([
      'No process has captured since ',
      { time: at('2026-11-23T08:00:07Z') },
      '; the last was capture-us-east-1-7.',
    ]);
    await leases.acquire('capture', 'capture-us-west-2-9', 60_000);
    await look('capture-leaderless');
    await clock.advance(15_000);
    await look('capture-leaderless');
    expect(await openAlarms(store)).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { BackupId, Region } from '#core';
import { reachNewest, reachSecond, restorableWindows, type StoredRange, timelinesOf } from '#vault';
import { backup } from '../flows/status/seen.ts';

const regions = [Region.parse('us-east-1')];
const at = (clock: string): Date => new Date(`2026-11-23T${clock}Z`);
const secondsOf = (clock: string): number => at(clock).getTime() / 1000;

/** A timeline with a segment every ten seconds. */
function captured(timeline: number, from: string, through: string): StoredRange[] {
  const ranges: StoredRange[] = [];
  for (let second = secondsOf(from); second < secondsOf(through); second += 10) {
    const [start, end] = [second, second + 10].map((seconds) => ({ seconds, increment: 5 }));
    if (!start || !end) continue;
    ranges.push({
      kind: 'segment',
      timeline,
      from: start,
      through: end,
      token: 1,
      key: `${timeline}/${second}`,
      regions,
    });
  }
  return ranges;
}

function taken(id: string, clock: string, state: 'VERIFIED' | 'DAMAGED' = 'VERIFIED') {
  const listing = backup(state);
  const end = { seconds: secondsOf(clock), increment: 7 };
  return { ...listing, header: { ...listing.header, backup: BackupId.parse(id), window: { start: end, end } } };
}

const timelines = timelinesOf([...captured(1, '08:00:00', '09:00:00'), ...captured(2, '10:00:00', '11:00:00')]);
const backups = [taken('B-1123-1030', '10:30:00'), taken('B-1123-0830', '08:30:00'), taken('B-1123-0810', '08:10:00')];

test('what can be restored begins with a backup on a timeline and ends with the last whole second captured', () => {
  expect(restorableWindows(backups, timelines)).toEqual([
    { timeline: 1, from: at('08:10:00'), to: at('08:59:59') },
    { timeline: 2, from: at('10:30:00'), to: at('10:59:59') },
  ]);
  expect(restorableWindows([], timelines)).toEqual([]);
  expect(restorableWindows(backups, [])).toEqual([]);
});

test('a backup of changes counts only while what it stands on can be restored', () => {
  const full = taken('B-1123-0810', '08:10:00');
  const link = taken('B-1123-0830', '08:30:00');
  const parent = { year: full.header.year, backup: full.header.backup };
  const changes = { ...link, header: { ...link.header, kind: 'incremental' as const, parent } };
  const second = at('08:45:00');
  expect(reachSecond(second, [changes, full], timelines)?.backup).toBe('B-1123-0830');
  // a list that was cut before the parent says nothing against it
  expect(reachSecond(second, [changes], timelines)?.backup).toBe('B-1123-0830');
  expect(reachSecond(second, [changes, taken('B-1123-0810', '08:10:00', 'DAMAGED')], timelines)).toBeUndefined();
});

test('a second is reached from the newest backup before it on its timeline', () => {
  expect(reachSecond(at('08:45:00'), backups, timelines)).toMatchObject({
    backup: 'B-1123-0830',
    timeline: 1,
    before: { seconds: secondsOf('08:45:01'), increment: 0 },
    reached: { seconds: secondsOf('08:45:00'), increment: 5 },
  });
  expect(reachSecond(at('08:29:59'), backups, timelines)?.backup).toBe('B-1123-0810');
  expect(reachSecond(at('08:30:00'), backups, timelines)?.backup).toBe('B-1123-0830');
  expect(reachSecond(at('10:59:59'), backups, timelines)?.backup).toBe('B-1123-1030');
});

test('no second is reached before the first backup, in a gap, or after what was captured', () => {
  for (const clock of ['08:09:59', '09:00:00', '09:30:00', '10:29:59', '11:00:00']) {
    expect(reachSecond(at(clock), backups, timelines), clock).toBeUndefined();
  }
});

test('a backup that is damaged everywhere is no way to a second; the one before it is', () => {
  const list = [taken('B-1123-0830', '08:30:00', 'DAMAGED'), taken('B-1123-0810', '08:10:00')];
  expect(reachSecond(at('08:45:00'), list, timelines)?.backup).toBe('B-1123-0810');
});

test('of two timelines that have a second, the later one counts', () => {
  const forked = timelinesOf([...captured(1, '08:00:00', '09:00:00'), ...captured(2, '08:40:00', '09:00:00')]);
  const list = [taken('B-1123-0810', '08:10:00'), taken('B-1123-0841', '08:41:00')];
  expect(reachSecond(at('08:50:00'), list, forked)).toMatchObject({ timeline: 2, backup: 'B-1123-0841' });
  expect(reachSecond(at('08:40:30'), list, forked)).toMatchObject({ timeline: 1, backup: 'B-1123-0810' });
});

test('everything there is goes to the last captured entry, not to the last whole second, from the newest backup that leads there', () => {
  const through = { seconds: secondsOf('11:00:00'), increment: 5 };
  expect(reachNewest(backups, timelines)).toEqual({
    ...{ backup: 'B-1123-1030', timeline: 2, reached: through },
    before: { ...through, increment: 6 },
  });
  // a timeline that no backup leads into is of no use
  expect(reachNewest(backups.slice(1), timelines)).toMatchObject({ backup: 'B-1123-0830', timeline: 1 });
  expect(reachNewest([taken('B-1123-1030', '10:30:00', 'DAMAGED')], timelines)).toBeUndefined();
});

import { beforeAll, expect, test } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { asDrError, say, systemRandom, utc } from '#core';
import { chooseMoment, choosePoint, momentLines, openRequests, windowCard } from '#flows';
import { createRoster } from '#oncall';
import { parsePlan } from '#plan';
import { createTimeline, plainText } from '#record';
import { encodeCaptured, hourKeyName, rangeKey, type TimelineBeginning } from '#vault';
import { openJournal } from '#workflow';
import { makeBackup } from '../docs/made-backup.ts';
import { eldText } from '../plan/eld-plan.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { wordsOf } from '../support/words-of.ts';

// The backup that is made ends in second 1000 of 1970: 00:16:40.
const NOW = new Date('1970-01-01T00:30:00Z');
const { vault, stores } = memoryVault();
const clock = createSettableClock(NOW);
const store = memoryControlStore(clock);
const backup = { vault, planHash: '' as never, openSource: async () => Promise.reject(new Error('nothing is read')) };
const world = { backup, clock, store };
let id = '';

/** Segments of ten seconds each; nothing is in them. */
async function capture(timeline: number, from: number, through: number, begins: TimelineBeginning): Promise<void> {
  for (let second = from; second < through; second += 10) {
    const [start, end] = [
      { seconds: second, increment: 1 },
      { seconds: second + 10, increment: 1 },
    ];
    const range = { timeline, from: start, through: end, token: 1 };
    const header = {
      format: 'holdfast-vault',
      version: 1,
      ...range,
      key: hourKeyName(range),
      entries: 0,
      plainBytes: 0,
      previous: null,
      begins,
    } as const;
    const object = encodeCaptured(header, Buffer.alloc(0), Buffer.alloc(32), Buffer.alloc(12));
    for (const each of stores) await each.put(rangeKey(range), object, { lock: 'none', ifAbsent: true });
  }
}

beforeAll(async () => {
  id = (await makeBackup(vault, [{ _id: 1 }], [{ op: 'n', o: {} }])).header.backup;
  await capture(1, 990, 1_100, { reason: 'first' });
  await capture(2, 1_200, 1_300, { reason: 'gap', after: { seconds: 1_100, increment: 1 } });
});

const chosen = async (to: string, of?: string): Promise<string> => {
  try {
    const { point, moment } = await choosePoint({ backup: of, to }, NOW, world);
    return `${point.backupId} to ${utc(moment)}, timeline ${point.until?.timeline}`;
  } catch (thrown) {
    const { code, message, hint } = asDrError(thrown);
    return `${code}: ${message} ${hint ?? ''}`;
  }
};

test('a second on a timeline after a backup is found from it, however it is said', async () => {
  expect(await chosen('00:17:30')).toBe(`${id} to 1970-01-01 00:17:30 UTC, timeline 1`);
  expect(await chosen('1970-01-01 00:16:40')).toBe(`${id} to 1970-01-01 00:16:40 UTC, timeline 1`);
  expect(await chosen('13 minutes ago', id)).toBe(`${id} to 1970-01-01 00:17:00 UTC, timeline 1`);
});

/** The record, with an entry at each of these times. */
async function recorded(...times: string[]) {
  const then = createSettableClock(new Date('1970-01-01T00:00:00Z'));
  const timeline = createTimeline({ store: memoryControlStore(then), clock: then, random: systemRandom });
  for (const time of times) {
    await then.advance(new Date(`1970-01-01T${time}Z`).getTime() - then.now().getTime());
    await timeline.append({ id: time, kind: 'note', actor: 'holdfast', text: say`a table dropped`, inThread: true });
  }
  const { plan } = parsePlan(eldText, 'plan.yaml');
  return { ...world, timeline, journal: openJournal(store), requests: openRequests(store), roster: createRoster(plan) };
}

test('the second before an entry of the record is found like any, and the preview says whose it is', async () => {
  const withRecord = await recorded('00:16:50', '00:17:31.500');
  const found = await chooseMoment({ backup: undefined, to: 'before #2' }, NOW, withRecord);
  expect([utc(found.moment), found.point.until?.timeline]).toEqual(['1970-01-01 00:17:30 UTC', 1]);
  expect(found.point.until?.before).toEqual({ seconds: 1_051, increment: 0 });
  const lines = momentLines('eld', found).map((line) => plainText(line, String, NOW));
  expect(lines).toContain('00:17:30 UTC, one second before entry #2 "a table dropped", by Holdfast.');
});

test('an entry before the window, or in a gap, is refused by its name, with the nearest second and the next command', async () => {
  const withRecord = await recorded('00:16:40.900', '00:19:30');
  const refusal = async (to: string): Promise<string> => {
    const { code, message, hint } = await chooseMoment({ backup: undefined, to }, NOW, withRecord).then(
      () => asDrError(new Error('not refused')),
      asDrError,
    );
    return `${code}: ${message} ${hint}`;
  };
  expect(await refusal('before #1')).toBe(
    'TIME_INVALID: 00:16:39 UTC, one second before entry #1 "a table dropped", by Holdfast. ' +
      "1970-01-01 00:16:39 UTC can't be restored: it is before the first backup that captured history stands on. Nothing was changed. " +
      'The nearest: "1970-01-01 00:16:40 UTC" after it. All: /dr backups --window',
  );
  expect(await refusal('before #2')).toContain('it is in a gap. Nothing was changed.');
});

test('a second that is not there is refused with why, and with the nearest that are', async () => {
  expect(await chosen('00:16:39')).toContain(
    "TIME_INVALID: 1970-01-01 00:16:39 UTC can't be restored: it is before the first backup",
  );
  const inTheGap = await chosen('00:19:00');
  expect(inTheGap).toContain('it is in a gap. Nothing was changed.');
  expect(inTheGap).toContain('"1970-01-01 00:18:19 UTC" before it');
  expect(await chosen('00:21:00')).toContain('Nothing was changed.');
  expect(await chosen('00:45')).toContain('has not been yet');
  expect(await chosen('00:17:30', 'B-0101-0000')).toContain('BACKUP_UNKNOWN');
});

test('the card says which seconds there are, and why others are not', async () => {
  const words = wordsOf(await windowCard(world), NOW);
  expect(words).toContain('1970-01-01 00:16:40 UTC to 1970-01-01 00:18:19 UTC, 1 min 40 s');
  expect(words).toContain(
    'from 1970-01-01 00:16:30 UTC to 1970-01-01 00:16:40 UTC: captured, but no backup stands before it.',
  );
  expect(words).toContain(
    'between 1970-01-01 00:18:20 UTC and 1970-01-01 00:20:00 UTC: capture was away for longer than the oplog reaches back.',
  );
  expect(words).toContain(
    'since 1970-01-01 00:20:00 UTC: captured, but no backup was taken since. Take one: /dr backup mongodb',
  );
  expect(words).toContain('Nothing is captured yet: no process of the role capture has begun.');
});

test('without anything there is a way to begin', async () => {
  const empty = memoryVault();
  const nothing = { ...world, backup: { ...backup, vault: empty.vault } };
  expect(wordsOf(await windowCard(nothing), NOW)).toContain(
    'None yet: it takes a backup, and capture since. Take one: /dr backup mongodb',
  );
  await expect(choosePoint({ backup: undefined, to: '00:17:30' }, NOW, nothing)).rejects.toMatchObject({
    code: 'TIME_INVALID',
  });
});

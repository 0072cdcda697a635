import { beforeAll, expect, test } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { asDrError, RequestId, say, systemRandom, utc } from '#core';
import { chooseMoment, choosePoint, momentLines, openRequests, windowCard } from '#flows';
import { keepCapturedCheck, openCapturedChecks } from '#integrity';
import { createRoster } from '#oncall';
import { parsePlan } from '#plan';
import { createTimeline, plainText } from '#record';
import { encodeCaptured, hourKeyName, rangeKey, type TimelineBeginning } from '#vault';
import { openJournal } from '#workflow';
import { makeBackup } from '../docs/made-backup.ts';
import { eldText } from '../plan/eld-plan.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { smallBackup } from '../support/small-backup.ts';
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
async function capture(
  timeline: number,
  from: number,
  through: number,
  begins: TimelineBeginning,
  into = stores,
): Promise<void> {
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
    for (const each of into) await each.put(rangeKey(range), object, { lock: 'none', ifAbsent: true });
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

test('a stretch that is in no region is named with what it costs; behind it a backup is needed to go on', async () => {
  const other = memoryVault();
  const torn = { ...world, backup: { ...backup, vault: other.vault } };
  const made = (await makeBackup(other.vault, [{ _id: 1 }], [{ op: 'n', o: {} }])).header.backup;
  await capture(1, 990, 1_100, { reason: 'first' }, other.stores);
  for (const each of other.stores)
    for (const key of each.keys().filter((name) => /-(0000041[0-9a-f]|00000406)/.test(name))) each.erase(key);
  const words = wordsOf(await windowCard(torn), NOW);
  expect(words).toContain('1970-01-01 00:16:40 UTC to 1970-01-01 00:16:59 UTC, 20 s');
  expect(words).toContain(
    'since 1970-01-01 00:17:00 UTC: what was captured from 1970-01-01 00:17:00 UTC to 1970-01-01 00:17:30 UTC is in no region that answers. Look for it: /dr verify captured Begin anew behind it: /dr backup mongodb',
  );
  expect(words).not.toContain('capture was switched on again');
  const asked = choosePoint({ backup: undefined, to: '00:17:10' }, NOW, torn);
  await expect(asked).rejects.toMatchObject({
    code: 'TIME_INVALID',
    message: expect.stringContaining('00:17:30 UTC is in no region that answers. Nothing was changed.'),
    hint: expect.stringContaining(
      '"1970-01-01 00:16:59 UTC" before it. So that the seconds from now on can be: /dr backup mongodb',
    ),
  });
  expect((await choosePoint({ backup: undefined, to: '00:16:59' }, NOW, torn)).point.backupId).toBe(made);
});

test('what a verification found damaged everywhere is remembered; a backup behind it begins anew', async () => {
  const other = memoryVault();
  const memory = memoryControlStore(clock);
  const torn = { ...world, store: memory, backup: { ...backup, vault: other.vault } };
  const first = await makeBackup(other.vault, [{ _id: 1 }], [{ op: 'n', o: {} }]);
  const end = { seconds: 1_070, increment: 1 };
  const { header } = await smallBackup(other.vault, { header: { window: { start: end, end } } });
  await capture(1, 990, 1_100, { reason: 'first' }, other.stores);
  expect(wordsOf(await windowCard(torn), NOW)).toContain('00:16:40 UTC to 1970-01-01 00:18:19 UTC');
  const lost = { timeline: 1, from: { seconds: 1_020, increment: 1 }, through: { seconds: 1_040, increment: 1 } };
  await keepCapturedCheck(openCapturedChecks(memory), {
    ...{ timeline: 1, hour: '1970-01-01T00', at: NOW, run: RequestId.parse('R-1'), objects: 1, bytes: 1, damaged: 0 },
    ...{ damage: [], healedCopies: 0, healed: [], rebuilt: 0, spare: 0, unread: [] },
    lost: [{ ...lost, why: 'damaged' }],
  });
  const words = wordsOf(await windowCard(torn), NOW);
  expect(words).toContain('1970-01-01 00:16:40 UTC to 1970-01-01 00:16:59 UTC, 20 s');
  expect(words).toContain('1970-01-01 00:17:50 UTC to 1970-01-01 00:18:19 UTC, 30 s');
  expect(words).toContain(
    'from 1970-01-01 00:17:00 UTC to 1970-01-01 00:17:49 UTC: what was captured from 1970-01-01 00:17:00 UTC to 1970-01-01 00:17:20 UTC is damaged in every region.',
  );
  await expect(choosePoint({ backup: undefined, to: '00:17:10' }, NOW, torn)).rejects.toMatchObject({
    message: expect.stringContaining('is damaged in every region'),
    hint: 'The nearest: "1970-01-01 00:16:59 UTC" before it, "1970-01-01 00:17:50 UTC" after it. All: /dr backups --window',
  });
  const behind = await choosePoint({ backup: undefined, to: '00:18:00' }, NOW, torn);
  expect(behind.point.backupId).toBe(header.backup);
  expect((await choosePoint({ backup: undefined, to: '00:16:59' }, NOW, torn)).point.backupId).toBe(
    first.header.backup,
  );
  // without that memory the window claims too much; nothing else is lost with it
  expect(wordsOf(await windowCard({ ...torn, store }), NOW)).toContain('00:16:40 UTC to 1970-01-01 00:18:19 UTC');
});

import { beforeEach, expect, test } from 'vitest';
import { DrError, RequestId } from '#core';
import { verifyCaptured } from '#integrity';
import type { ObjectStore } from '#ports';
import { archiveHours, listTimelines, openTimeline, openVault, PruneMarks, type Vault } from '#vault';
import { never } from '../support/engine.ts';
import { hoursAgo, type MadeTimeline, madeFrom, makeSegments } from '../support/made-timeline.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { smallBackup, WITHIN_A_DAY } from '../support/small-backup.ts';
import { verifyBench } from './carry-verify.ts';

const captured = { kind: 'captured' } as const;
let held: ReturnType<typeof memoryVault>;
let made: MadeTimeline;
let bench: ReturnType<typeof verifyBench>;

/** Thirty segments of four minutes each: two hours, of which the first begins with the timeline. */
beforeEach(async () => {
  held = memoryVault();
  made = await makeSegments(held.vault, madeFrom(hoursAgo(4)), { count: 30, everySeconds: 240 });
  bench = verifyBench(held.vault);
});

const flip = (body: Buffer, at = body.length >> 1): Buffer => {
  const changed = Buffer.from(body);
  changed[at] = (changed[at] ?? 0) ^ 4;
  return changed;
};
const segment = (index: number): string => made.keys[index] ?? '';
const store = (index: number) => held.stores[index] as (typeof held.stores)[0];
const keyObject = (index: number): string =>
  store(0)
    .keys()
    .filter((key) => key.startsWith('keys/'))[index] ?? '';

/** Reads the whole timeline with one region alone: what it gives, or why it does not. */
async function readAlone(index: number): Promise<number | string> {
  const only = store(index);
  const vault: Vault = {
    ...held.vault,
    stores: [only],
    keys: held.vault.keys.filter(({ region }) => region === only.region),
  };
  return readAll(vault);
}

async function readAll(vault: Vault): Promise<number | string> {
  const [timeline] = (await listTimelines(vault)).timelines;
  if (!timeline) return 'nothing';
  const open = openTimeline(vault, timeline);
  let entries = 0;
  try {
    for await (const { header } of open.segments(timeline.from, made.through)) entries += header.entries;
    return entries;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    open.close();
  }
}

const archived = () => archiveHours({ vault: held.vault, lock: WITHIN_A_DAY, durableRegions: 2, signal: never() });
const archives = (index = 0): string[] =>
  store(index)
    .keys()
    .filter((key) => key.startsWith('archive/'));

test('what is whole is read back in every region, and nothing is written', async () => {
  const before = await Promise.all(held.stores.map(versionsOf));
  const run = await bench.verify(captured);
  expect(run.state).toBe('done');
  expect(run.captured).toMatchObject({ hours: 3, objects: 33, healedCopies: 0, damaged: 0, lost: [], spare: 0 });
  expect(await Promise.all(held.stores.map(versionsOf))).toEqual(before);
});

async function versionsOf(of: ObjectStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { key, versionId } of of.listVersions('')) found.push(`${key} ${versionId}`);
  return found;
}

const HARMS: readonly [string, (index: number, key: string) => void][] = [
  ['has a flipped bit', (index, key) => store(index).tamper(key, flip)],
  ['has a flipped bit in its readable header', (index, key) => store(index).tamper(key, (body) => flip(body, 60))],
  ['is cut short', (index, key) => store(index).tamper(key, (body) => body.subarray(0, body.length - 3))],
  ['is empty', (index, key) => store(index).tamper(key, () => Buffer.alloc(0))],
  ['is gone', (index, key) => store(index).erase(key)],
  ['is behind a delete marker', (index, key) => store(index).hide(key)],
];

test.each(HARMS)('a segment that %s in one region is healed from another, locked as before', async (_, harm) => {
  harm(1, segment(7));
  const run = await bench.verify(captured);
  expect(run.captured).toMatchObject({ damaged: 0, lost: [], healed: [{ region: 'us-west-2', from: 'us-east-1' }] });
  expect(run.state).toBe('done');
  expect(await store(1).get(segment(7))).toEqual(await store(0).get(segment(7)));
  expect((await store(1).head(segment(7)))?.lock).toEqual((await store(0).head(segment(7)))?.lock);
  expect(await readAlone(1)).toBe(30);
});

test.each(HARMS)('a key that %s in one region is healed from another', async (_, harm) => {
  harm(1, keyObject(1));
  const run = await bench.verify(captured);
  expect(run.captured).toMatchObject({
    damaged: 0,
    lost: [],
    healed: [{ region: 'us-west-2', segment: keyObject(1) }],
  });
  expect(await store(1).get(keyObject(1))).toEqual(await store(0).get(keyObject(1)));
  expect(await readAlone(1)).toBe(30);
});

test('a segment and a key in the place of others of their kind are found and healed', async () => {
  const [other, otherKey] = [await store(0).get(segment(8)), await store(0).get(keyObject(0))];
  store(0).tamper(segment(7), () => other);
  store(2).tamper(keyObject(1), () => otherKey);
  const { captured: findings } = await bench.verify(captured);
  expect(findings).toMatchObject({ healedCopies: 2, damaged: 0, lost: [] });
  for (const index of [0, 1, 2]) expect(await readAlone(index)).toBe(30);
});

test('the damaged version stays behind the healed one', async () => {
  const before = await versionsOf(store(1));
  store(1).tamper(segment(7), flip);
  await bench.verify(captured);
  const after = await versionsOf(store(1));
  expect(after.length).toBe(before.length + 1);
  expect(after).toEqual(expect.arrayContaining(before));
});

test('what a delete marker hides in every region is brought back: a segment, a key, a whole hour', async () => {
  const hour = segment(20).split('/')[2] ?? '';
  const hidden = [segment(7), keyObject(0), ...made.keys.filter((key) => key.includes(hour))];
  for (const key of hidden) for (const each of held.stores) each.hide(key);
  expect((await listTimelines(held.vault)).timelines).toHaveLength(3);
  const run = await bench.verify(captured);
  expect(run.state).toBe('done');
  expect(run.captured).toMatchObject({ lost: [], damaged: 0 });
  for (const index of [0, 1, 2]) expect(await readAlone(index)).toBe(30);
});

test('what is overwritten in every region is healed from the version before', async () => {
  for (const each of held.stores) {
    await each.put(segment(7), Buffer.from('nonsense'), { lock: 'none', ifAbsent: false });
    await each.put(keyObject(0), Buffer.from('nonsense'), { lock: 'none', ifAbsent: false });
  }
  const run = await bench.verify(captured);
  expect(run.captured).toMatchObject({ lost: [], damaged: 0, healedCopies: 6 });
  for (const index of [0, 1, 2]) expect(await readAlone(index)).toBe(30);
});

const LOSSES: readonly [string, string, (key: string) => void][] = [
  ['damaged in every region', 'damaged', (key) => held.stores.forEach((each) => void each.tamper(key, flip))],
  ['gone from every region', 'gone', (key) => held.stores.forEach((each) => void each.erase(key))],
  [
    'damaged in one region and gone from the others',
    'damaged',
    (key) => held.stores.forEach((each, index) => void (index === 0 ? each.tamper(key, flip) : each.erase(key))),
  ],
];

test.each(LOSSES)(
  'what is %s fails the run: the seconds, the cause and the next command are named',
  async (_, why, harm) => {
    harm(segment(7));
    harm(segment(8));
    const run = await bench.verify(captured);
    const from = hoursAgo(4) + 7 * 240;
    expect(run.state).toBe('failed');
    expect(run.captured?.lost).toMatchObject([
      { timeline: 1, why, from: { seconds: from }, through: { seconds: from + 480 }, isNew: true },
    ]);
    expect(run.failure?.message).toContain(utcOf(from));
    expect(run.failure?.message).toContain(utcOf(from + 480));
    expect(run.failure?.message).toContain('No second since then can be restored.');
    expect(run.failure?.hint).toContain('/dr backup mongodb');
  },
);

const utcOf = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

test('a loss that a backup stands behind is said once, and then only shown', async () => {
  for (const each of held.stores) each.tamper(segment(7), flip);
  const window = {
    start: { seconds: hoursAgo(4) + 3_600, increment: 1 },
    end: { seconds: hoursAgo(4) + 3_600, increment: 1 },
  };
  await smallBackup(held.vault, { header: { window } });
  const first = await bench.verify(captured);
  expect(first.state).toBe('failed');
  expect(first.failure?.hint).toContain(`From ${utcOf(hoursAgo(4) + 3_600)} on every second can be restored again`);
  const second = await bench.verify(captured);
  expect(second.state).toBe('done');
  expect(second.captured?.lost).toMatchObject([{ isNew: false }]);
});

test('a key that no region has whole makes an hour of segments lost, unless the archive has them', async () => {
  const key = keyObject(1);
  for (const each of held.stores) each.erase(key);
  const run = await bench.verify(captured);
  expect(run.captured?.lost).toMatchObject([{ why: 'keyless', from: { seconds: hoursAgo(3) - 240 } }]);
});

test('segments that an archive has are missed by nobody', async () => {
  await archived();
  for (const each of held.stores) each.tamper(segment(7), flip);
  const run = await bench.verify(captured);
  expect(run.state).toBe('done');
  expect(run.captured).toMatchObject({ spare: 1, damaged: 0, lost: [] });
});

test("an archive's piece that no region has whole is made anew from its segments; each region alone reads it then", async () => {
  await archived();
  const [piece] = archives();
  for (const each of held.stores) each.tamper(piece ?? '', flip);
  expect(await readAll(held.vault)).toContain('is damaged in every region');
  const run = await bench.verify(captured);
  expect(run.state).toBe('done');
  expect(run.captured).toMatchObject({ rebuilt: 1, damaged: 0, lost: [] });
  for (const each of held.stores) for (const key of made.keys.slice(0, 14)) each.erase(key);
  for (const index of [0, 1, 2]) expect(await readAlone(index)).toBe(30);
});

test("an archive's piece that is gone is no loss while its segments are there, and is made again by the next round", async () => {
  await archived();
  const [first, second] = archives();
  for (const each of held.stores) each.erase(second ?? '');
  const run = await bench.verify(captured);
  expect(run.captured?.lost).toEqual([]);
  expect(await readAll(held.vault)).toBe(30);
  expect(await archived()).toHaveLength(1);
  expect(archives()).toEqual(expect.arrayContaining([first, second]));
});

test("an archive's piece without its segments is lost", async () => {
  await archived();
  const [piece] = archives();
  for (const each of held.stores) {
    each.tamper(piece ?? '', flip);
    each.tamper(segment(3), flip);
  }
  expect((await bench.verify(captured)).captured).toMatchObject({ rebuilt: 0, lost: [{ why: 'damaged' }] });
});

test('a segment that is authentic and follows something else is found', async () => {
  // another history under the same names, from the second hour on, as somebody with the keys could write it
  const other = memoryVault();
  const second = await makeSegments({ ...other.vault, keys: held.vault.keys }, madeFrom(hoursAgo(4)), {
    count: 30,
    everySeconds: 240,
  });
  for (const key of [
    ...second.keys.slice(14),
    ...(other.stores[0]?.keys() ?? []).filter((name) => name.startsWith('keys/')).slice(1),
  ]) {
    const body = (await other.stores[0]?.get(key)) ?? Buffer.alloc(0);
    for (const each of held.stores) each.tamper(key, () => body);
  }
  const run = await bench.verify(captured);
  expect(run.state).toBe('failed');
  expect(run.captured?.lost).toMatchObject([{ why: 'unjoined', from: { seconds: hoursAgo(4) + 14 * 240 } }]);
});

test('a dead region is said, keeps nothing from being read, and no loss is claimed while it may have a copy', async () => {
  store(0).tamper(segment(7), flip);
  store(1).tamper(segment(7), flip);
  store(2).failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The vault in eu-west-1 does not answer.'));
  const first = await bench.verify(captured);
  expect(first.captured).toMatchObject({ lost: [], damaged: 2, unread: [{ region: 'eu-west-1' }] });
  expect(first.failure?.hint).toContain('eu-west-1');
  store(2).failWith(undefined);
  const second = await bench.verify(captured);
  expect(second).toMatchObject({ state: 'done', captured: { healedCopies: 2, lost: [] } });
}, 30_000);

test('a loss that was found is not forgotten because a region is silent', async () => {
  for (const each of held.stores) each.tamper(segment(7), flip);
  await bench.verify(captured);
  store(2).failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The vault in eu-west-1 does not answer.'));
  expect((await bench.verify(captured)).captured?.lost).toHaveLength(1);
}, 30_000);

test('a bucket that fails now and then is asked again; one that refuses to be read is no damage', async () => {
  const { get } = store(1);
  let calls = 0;
  store(1).get = async (...args) => {
    calls += 1;
    if (calls % 5 === 0) throw new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'SlowDown');
    return get(...args);
  };
  const slow = await bench.verify(captured);
  expect(slow).toMatchObject({ state: 'done', captured: { damaged: 0, healedCopies: 0, unread: [] } });
  store(1).get = async () => {
    throw new DrError('OBJECT_STORE_REFUSED', 'permanent', 'refused (AccessDenied, s3:GetObject)');
  };
  const refused = await bench.verify(captured);
  expect(refused.captured).toMatchObject({ damaged: 0, lost: [], unread: [{ region: 'us-west-2' }] });
}, 30_000);

test('a dead key service is said and costs its patience once; the others open everything', async () => {
  held.keys[1]?.failWith(new DrError('SERVICE_UNAVAILABLE', 'transient', 'KMS in us-west-2 does not answer.'));
  store(0).tamper(segment(7), flip);
  const startedAt = performance.now();
  const run = await bench.verify(captured);
  expect(run).toMatchObject({
    state: 'done',
    captured: { hours: 3, healedCopies: 1, unread: [{ region: 'us-west-2' }] },
  });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
}, 30_000);

test('a key service that refuses whoever asks ends the run with what it said, and nothing is taken for lost', async () => {
  for (const service of held.keys)
    service.failWith(new DrError('KEY_REFUSED', 'permanent', 'KMS refused (AccessDenied).'));
  const run = await bench.verify(captured);
  expect(run).toMatchObject({ state: 'failed', failure: { code: 'KEY_REFUSED' } });
});

test('who is stopped in the middle stops at once, and who goes on does not read again what was read', async () => {
  const read: string[] = [];
  const counting = held.stores.map((each) => ({
    ...each,
    get: async (...args: Parameters<ObjectStore['get']>) => {
      read.push(args[0]);
      return each.get(...args);
    },
  }));
  const world = {
    vault: openVault({ ...held.vault, stores: counting }),
    store: bench.store,
    captured: async () => undefined,
  };
  const stop = new AbortController();
  const reading = { run: RequestId.parse('R-900'), percent: 100, signal: stop.signal };
  const report = ({ share }: { share: number }): void => {
    if (share > 0) stop.abort(new DrError('STOPPED', 'permanent', 'Stopped by John Smith.'));
  };
  await expect(verifyCaptured(world, { ...reading, report })).rejects.toMatchObject({ code: 'STOPPED' });
  const first = segment(0).split('/')[2] ?? '';
  expect(read.length).toBeGreaterThan(0);
  expect(read.filter((key) => key !== 'retention/marks' && !key.includes(first))).toEqual([]);
  read.length = 0;
  const found = await verifyCaptured(world, { ...reading, signal: never(), report: () => undefined });
  expect(found).toMatchObject({ hours: 3, objects: 33 });
  // but for the segment that the next hour follows
  expect(read.filter((key) => key.startsWith('capture/') && key.includes(first))).toEqual([segment(13)]);
});

test('shares read what was not read for the longest time, so that all is read after enough of them', async () => {
  const hours: (number | undefined)[] = [];
  for (let round = 0; round < 3; round += 1)
    hours.push((await bench.verify({ kind: 'share', percent: 30 })).captured?.objects);
  const all = await bench.verify({ kind: 'all' });
  expect(hours.reduce<number>((sum, objects) => sum + (objects ?? 0), 0)).toBe(all.captured?.objects);
});

test('an hour that is about to be deleted is left alone', async () => {
  const hour = segment(0).split('/')[2] ?? '';
  store(1).erase(segment(0));
  const mark = { since: new Date(), ripeAt: new Date(), going: true };
  const marks: PruneMarks = {
    format: 'holdfast-vault',
    at: new Date(),
    marks: { [`capture/0001/${hour}`]: mark },
    locks: {},
  };
  for (const each of held.stores) {
    await each.put('retention/marks', Buffer.from(JSON.stringify(PruneMarks.parse(marks))), {
      lock: 'none',
      ifAbsent: false,
    });
  }
  expect((await bench.verify(captured)).captured).toMatchObject({ hours: 2, healedCopies: 0 });
  expect(await store(1).head(segment(0))).toBeUndefined();
});

test('the end of a timeline that is gone is missed when capture has written down that it was durable', async () => {
  const { timeline, through } = made;
  const knowing = verifyBench(held.vault, { captured: async () => ({ timeline, through }) });
  for (const each of held.stores) each.erase(segment(29));
  expect((await knowing.verify(captured)).captured?.lost).toMatchObject([
    { why: 'gone', from: { seconds: through.seconds - 240 }, through },
  ]);
});

test('the beginning of what is left is missed unless a whole hour is gone', async () => {
  for (const each of held.stores) for (const key of [segment(0), segment(1)]) each.erase(key);
  expect((await bench.verify(captured)).captured?.lost).toMatchObject([
    { why: 'gone', through: { seconds: hoursAgo(4) + 480 } },
  ]);
});

test('a restore does not step over what went missing since it was planned: at the beginning, in the middle, at the end', async () => {
  const [timeline] = (await listTimelines(held.vault)).timelines;
  if (!timeline) throw new Error('nothing was made');
  const [first, , middle] = timeline.ranges;
  const last = timeline.ranges.at(-1);
  for (const missing of [first, middle, last]) {
    const torn = { ...timeline, ranges: timeline.ranges.filter((range) => range !== missing) };
    const open = openTimeline(held.vault, torn);
    const read = async (): Promise<void> => {
      for await (const { header } of open.segments(timeline.from, made.through)) expect(header.entries).toBe(1);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      hint: expect.stringContaining('/dr verify captured'),
    });
    open.close();
  }
});

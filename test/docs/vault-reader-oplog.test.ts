import { existsSync } from 'node:fs';
import { Binary, Double } from 'bson';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Manifest } from '#vault';
import { type MadeEntry, makeBackup, raw, UUID } from './made-backup.ts';
import { openReaderBench, writtenDocuments, writtenFiles } from './reader-bench.ts';

// each run of the reader is a process of its own
vi.setConfig({ testTimeout: 120_000 });

let bench: Awaited<ReturnType<typeof openReaderBench>>;
beforeAll(async () => {
  bench = await openReaderBench();
});
afterAll(() => bench.close());

const insert = (_id: number, more: object = {}) => ({ op: 'i', ns: 'made.things', ui: UUID, o: { _id, ...more } });
const command = (o: object, more: Partial<MadeEntry> = {}): MadeEntry => ({ op: 'c', ns: 'admin.$cmd', o, ...more });
const update = (_id: unknown, o: object): MadeEntry => ({ op: 'u', ui: UUID, o, o2: { _id } });
const diff = (_id: unknown, sections: object): MadeEntry => update(_id, { $v: 2, diff: sections });

const restore = ({ header }: Manifest, ...args: string[]) => bench.restore(`${header.year}/${header.backup}`, ...args);

test('a prepared transaction counts at its commit even if it began before the window, an aborted one never', async () => {
  const other = { op: 'i', ns: 'elsewhere.things', ui: new Binary(Buffer.alloc(16, 9), 4), o: { _id: 1 } };
  const manifest = await makeBackup(
    bench.vault,
    [{ _id: 1, from: 'the reading' }],
    [
      command({ applyOps: [insert(10)], partialTxn: true }, { transaction: { number: 1 } }),
      command({ applyOps: [insert(11), other], prepare: true }, { transaction: { number: 1, after: 1 } }),
      // the window begins here
      insert(20),
      command({ commitTransaction: 1 }, { transaction: { number: 1, after: 2 } }),
      command({ applyOps: [insert(12)], prepare: true }, { transaction: { number: 2 } }),
      command({ abortTransaction: 1 }, { transaction: { number: 2, after: 5 } }),
      command({ applyOps: [insert(13)], partialTxn: true }, { transaction: { number: 3 } }),
      command({ applyOps: [insert(14)] }, { transaction: { number: 4, after: 3 }, multiOpType: 1 }),
      command({ create: '__hf_load_R1_things' }, { ns: 'made.$cmd', ui: new Binary(Buffer.alloc(16, 8), 4) }),
    ],
    2,
  );
  const { code, err, folder } = await restore(manifest);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const wanted = [{ _id: 1, from: 'the reading' }, { _id: 20 }, { _id: 10 }, { _id: 11 }, { _id: 14 }];
  expect(await writtenDocuments(folder, 'made', 'things')).toEqual(wanted.map((one) => raw(one).toString('hex')));
  expect(await writtenFiles(folder, 'made')).toEqual(['things.bson', 'things.metadata.json']);
});

test('diffs reach into documents and arrays, and a number that changes its type is the same _id', async () => {
  const manifest = await makeBackup(
    bench.vault,
    [{ _id: 1 }, { _id: 2 }, { _id: 3, a: 1, s: { x: 1, l: [1, [2, { n: 1 }], 3] }, gone: 0, t: 'text' }],
    [
      update(1, { _id: new Double(1), now: 'a double' }),
      update(2, { _id: new Double(2), now: 'a double' }),
      { op: 'd', ui: UUID, o: { _id: new Double(2) } },
      diff(3, { d: { gone: false }, u: { a: 'new' }, i: { z: 1, t: 'moved' } }),
      diff(3, { ss: { d: { x: false }, sl: { a: true, l: 2, s1: { a: true, s1: { u: { n: 2 } }, u3: 'far' } } } }),
      diff(4, { u: { a: 'of nobody' } }),
    ],
  );
  const { err, folder } = await restore(manifest);
  expect(err).toBe('');
  const three = { _id: 3, a: 'new', s: { l: [1, [2, { n: 2 }, null, 'far']] }, z: 1, t: 'moved' };
  const wanted = [{ _id: new Double(1), now: 'a double' }, three].map((one) => raw(one).toString('hex'));
  expect((await writtenDocuments(folder, 'made', 'things')).toSorted()).toEqual(wanted.toSorted());
});

test.each<[string, MadeEntry, string]>([
  ['a command', command({ convertToCapped: 'things' }, { ns: 'made.$cmd' }), 'the command "convertToCapped"'],
  ['an operation', { op: 'xi', o: {} }, 'the operation "xi"'],
  ['a section of an update', diff(1, { b: { bytes: {} } }), 'an update has a section "b"'],
  ['an old update', update(1, { $v: 1, $set: { a: 1 } }), 'older than 5.0'],
  ['a change of an option', command({ collMod: 'things', odd: 1 }, { ns: 'made.$cmd', ui: UUID }), 'collMod of "odd"'],
  ['a collection', { ...insert(1), ui: new Binary(Buffer.alloc(16, 3), 4) }, 'a collection that the backup does not'],
  ['the end of a transaction', command({ commitTransaction: 1 }, { transaction: { number: 9 } }), 'nothing was kept'],
])('%s that is not known stops it at its place, and nothing is written', async (_what, entry, says) => {
  const { code, err, folder } = await restore(await makeBackup(bench.vault, [{ _id: 1 }], [insert(2), entry]));
  expect(err).toContain(says);
  expect(err).toContain(' 1000:2, ');
  expect(code).toBe(1);
  expect(existsSync(folder)).toBe(false);
});

test('a time-series collection is refused by name, and the rest is restored without it', async () => {
  const buckets = command({ create: 'system.buckets.t' }, { ns: 'made.$cmd', ui: new Binary(Buffer.alloc(16, 4), 4) });
  const manifest = await makeBackup(bench.vault, [{ _id: 1 }], [buckets]);
  const way = '--skip made.system.buckets.t';
  expect(await restore(manifest)).toMatchObject({ code: 1, err: expect.stringContaining(way) });
  const { code, folder } = await restore(manifest, ...way.split(' '));
  expect(code).toBe(0);
  expect(await writtenFiles(folder, 'made')).toEqual(['things.bson', 'things.metadata.json']);
});

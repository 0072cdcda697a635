import { Binary, Long, serialize, Timestamp } from 'bson';
import { expect, test } from 'vitest';
import { CommittedOperations } from '../../src/restore/committed-operations.ts';
import { CatalogFold } from '../../src/restore/fold-catalog.ts';
import { parseEntry } from '../../src/restore/oplog-entry.ts';

const session = { lsid: { id: new Binary(Buffer.alloc(16, 1), 4) }, txnNumber: Long.fromNumber(7) };
const first = { ts: new Timestamp({ t: 9, i: 1 }), prevOpTime: { ts: new Timestamp(0n), t: Long.fromNumber(-1) } };
const later = { prevOpTime: { ts: new Timestamp({ t: 1, i: 1 }), t: Long.fromNumber(1) } };

const entry = (body: object, more: object = {}) =>
  parseEntry(
    Buffer.from(serialize({ ts: new Timestamp({ t: 9, i: 3 }), op: 'c', ns: 'admin.$cmd', o: body, ...more })),
  );
const insert = (n: number) => ({ op: 'i', ns: 'db.c', ui: new Binary(Buffer.alloc(16, 2), 4), o: { _id: n } });
const pushed = (operations: CommittedOperations, body: object, more: object): number =>
  operations.push(entry(body, more)).length;

test('the parts of a large transaction take effect together, at its last one', () => {
  const operations = new CommittedOperations();
  expect(pushed(operations, { applyOps: [insert(1)], partialTxn: true }, { ...session, ...first })).toBe(0);
  expect(pushed(operations, { applyOps: [insert(2)], count: Long.fromNumber(2) }, { ...session, ...later })).toBe(2);
});

test('a part that comes twice counts once', () => {
  const operations = new CommittedOperations();
  const part = { applyOps: [insert(1)], partialTxn: true };
  expect(pushed(operations, part, { ...session, ...first })).toBe(0);
  expect(pushed(operations, part, { ...session, ...first })).toBe(0);
  expect(pushed(operations, { applyOps: [insert(2)], count: Long.fromNumber(2) }, { ...session, ...later })).toBe(2);
});

test('a prepared transaction takes effect at its commit, and never when it aborts', () => {
  const operations = new CommittedOperations();
  const prepare = { applyOps: [insert(1)], prepare: true };
  expect(pushed(operations, prepare, { ...session, ...first })).toBe(0);
  expect(pushed(operations, { commitTransaction: 1 }, { ...session, ...later })).toBe(1);
  expect(pushed(operations, prepare, { ...session, ...first })).toBe(0);
  expect(pushed(operations, { abortTransaction: 1 }, { ...session, ...later })).toBe(0);
  expect(() => pushed(operations, { commitTransaction: 1 }, { ...session, ...later })).toThrow('at 9:3');
});

test('a transaction whose beginning is missing stops the replay at its position', () => {
  const part = { applyOps: [insert(2)], count: Long.fromNumber(2) };
  expect(() => pushed(new CommittedOperations(), part, { ...session, ...later })).toThrow('at 9:3');
});

test('a batch of retryable writes stands for itself', () => {
  const vectored = { ...session, ...later, multiOpType: 1 };
  expect(pushed(new CommittedOperations(), { applyOps: [insert(1), insert(2)] }, vectored)).toBe(2);
});

test('an operation, a command or a write that the backup does not know stops with its position', () => {
  const body = {
    member: 'm',
    rollbackId: 1,
    scope: { include: 'all' as const, exclude: [] },
    databases: [],
    collections: [],
    views: [],
    segments: [],
  };
  const fold = (raw: ReturnType<typeof entry>) => {
    const catalog = new CatalogFold(body);
    catalog.push(raw);
    return catalog.finish();
  };
  expect(() => fold(entry({ importCollection: 'x' }, { ns: 'db.$cmd' }))).toThrow(
    'can\'t be replayed at 9:3: command "importCollection"',
  );
  expect(() => fold(entry({}, { op: 'zz', ns: 'db.c' }))).toThrow('operation "zz"');
  expect(() => fold(entry({ _id: 1 }, insert(1)))).toThrow('which the backup does not have');
  expect(fold(entry({ importCollection: 'x' }, { ns: 'local.$cmd' })).collections.size).toBe(0);
});

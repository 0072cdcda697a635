import { Binary, deserialize, Int32, serialize } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyDiff, documentsOf, elementsOf, type RawField, rawDocument, rawInt32, without } from '#core';

const raw = (value: object): Buffer => Buffer.from(serialize(value));
const diffed = (before: object, diff: object): unknown => deserialize(applyDiff(raw(before), raw(diff)));

test('taken apart and put together, any document is the same bytes', () => {
  const value = fc.jsonValue().map((json) => raw({ json, at: new Date(0), none: null }));
  fc.assert(
    fc.property(value, (document) => {
      const again = rawDocument([...elementsOf(document)].map((element) => [element.name, element]));
      expect(again.equals(document)).toBe(true);
    }),
  );
});

test('documents one after the other are told apart, and a cut one is refused', () => {
  const both = Buffer.concat([raw({ a: 1 }), raw({ b: 'x' })]);
  expect([...documentsOf(both)].map((document) => deserialize(document))).toEqual([{ a: 1 }, { b: 'x' }]);
  expect(() => [...documentsOf(both.subarray(0, both.length - 1))]).toThrow('Malformed BSON');
});

test('any document with a byte cut off or a length changed is refused, never read beyond its end', () => {
  const document = raw({ a: 1, text: 'abc', list: [1, { b: true }], bytes: Buffer.alloc(3) });
  for (let length = 0; length < document.length; length += 1) {
    expect(() => [...elementsOf(document.subarray(0, length))]).toThrow('Malformed BSON');
  }
});

test('a diff removes, changes in place, appends, and reaches into documents and arrays', () => {
  expect(diffed({ _id: 1, a: 1, b: 2 }, { d: { a: false }, u: { b: 3 }, i: { c: 4 } })).toEqual({ _id: 1, b: 3, c: 4 });
  expect(diffed({ s: { x: 1, y: 2 } }, { ss: { d: { x: false }, i: { z: 3 } } })).toEqual({ s: { y: 2, z: 3 } });
  expect(diffed({ l: [1, 2, 3] }, { sl: { a: true, u1: 9, u4: 7 } })).toEqual({ l: [1, 9, 3, null, 7] });
  expect(diffed({ l: [1, 2, 3] }, { sl: { a: true, l: 1 } })).toEqual({ l: [1] });
  expect(diffed({ l: [{ n: 1 }] }, { sl: { a: true, s0: { u: { n: 2 } } } })).toEqual({ l: [{ n: 2 }] });
});

test('a diff of a name that is there twice changes the first, as the primary did', () => {
  const one = (name: string, n: number): RawField => [name, rawInt32(n)];
  const before = rawDocument([one('same', 1), one('other', 0), one('same', 2)]);
  const after = rawDocument([one('same', 9), one('other', 0), one('same', 2)]);
  expect(applyDiff(before, raw({ u: { same: new Int32(9) } }))).toEqual(after);
});

test('a binary diff cuts binary data and goes on with its own, and leaves what it does not fit', () => {
  const column = (...bytes: number[]): Binary => new Binary(Buffer.from(bytes), 7);
  const diff = { sdata: { b: { v: { o: 2, d: column(8, 9) } } } };
  const applied = (v: unknown) => applyDiff(raw({ data: { v } }), raw(diff)).toString('hex');
  expect(applied(column(1, 2, 3, 4, 5))).toBe(raw({ data: { v: column(1, 2, 8, 9) } }).toString('hex'));
  expect(applied(column(1, 2))).toBe(raw({ data: { v: column(1, 2, 8, 9) } }).toString('hex'));
  expect(applied(column(1))).toBe(raw({ data: { v: column(1) } }).toString('hex'));
  expect(applied('text')).toBe(raw({ data: { v: 'text' } }).toString('hex'));
});

test('a diff of a field that is already something else leaves it, and an unknown section stops', () => {
  expect(diffed({ s: 'newer' }, { ss: { u: { x: 1 } } })).toEqual({ s: 'newer' });
  expect(() => diffed({}, { q: {} })).toThrow('not known');
});

test('without takes the named fields out and keeps the order of the rest', () => {
  expect(Object.keys(deserialize(without(raw({ a: 1, b: 2, c: 3 }), 'b')))).toEqual(['a', 'c']);
});

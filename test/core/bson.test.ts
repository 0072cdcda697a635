import { deserialize, serialize } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyDiff, documentsOf, elementsOf, rawDocument, without } from '#core';

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

test('a diff of a field that is already something else leaves it, and an unknown section stops', () => {
  expect(diffed({ s: 'newer' }, { ss: { u: { x: 1 } } })).toEqual({ s: 'newer' });
  expect(() => diffed({}, { q: {} })).toThrow('not known');
});

test('without takes the named fields out and keeps the order of the rest', () => {
  expect(Object.keys(deserialize(without(raw({ a: 1, b: 2, c: 3 }), 'b')))).toEqual(['a', 'c']);
});

import { BSON, BSONSymbol, Decimal128, type Document, Double, Int32, Long, MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { elementOf, valueKey } from '#core';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const decimals = ['1', '1.00', '10E-1', '-0', '0E10', '0.1', '1E3', '1000', '0.5', '9007199254740993', '1E400', 'NaN'];
const doubles = [1, -0, 0.1, 0.5, 1e3, 2 ** 53, 1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY];
const values: readonly unknown[] = [
  ...decimals.map((text) => Decimal128.fromString(text)),
  // The double 0.1 to as many digits as a decimal has, and one that it equals exactly.
  Decimal128.fromString('0.1000000000000000055511151231257827'),
  Decimal128.fromString('0.125'),
  Decimal128.fromString('Infinity'),
  Decimal128.fromString('-Infinity'),
  ...doubles.map((value) => new Double(value)),
  new Double(0.125),
  new Double(Number.NEGATIVE_INFINITY),
  ...[0, 1, 1000].map((value) => new Int32(value)),
  ...['1', '1000', '9007199254740992', '9007199254740993'].map((text) => Long.fromString(text)),
  'a',
  new BSONSymbol('a'),
  '1',
  true,
  null,
  new Date(1),
  { a: new Int32(1), b: 'x' },
  { a: new Double(1), b: 'x' },
  { b: 'x', a: new Int32(1) },
  { a: { b: Long.fromNumber(2) } },
  { a: { b: Decimal128.fromString('2.0') } },
  { a: [new Int32(1), new Int32(2)] },
  { a: [new Double(1), Decimal128.fromString('2')] },
];

const keyOf = (value: unknown): string => {
  const field = elementOf(Buffer.from(BSON.serialize({ value }, { ignoreUndefined: false })), 'value');
  if (!field) throw new Error('no value');
  return valueKey(field);
};

test('two values have one key exactly when the server takes them for one _id', async () => {
  const client = await MongoClient.connect(await sharedMongoUri());
  const db = client.db(ownName('keys'));
  const wrong: string[] = [];
  try {
    for (const [index, value] of values.entries()) {
      const pairs = db.collection<Document>(`with_${index}`);
      await pairs.insertOne({ _id: value as never });
      for (const other of values.slice(index + 1)) {
        // Whether it would be a second _id, without making it one.
        const same = (await pairs.countDocuments({ _id: other as never })) === 1;
        if (same !== (keyOf(value) === keyOf(other))) {
          wrong.push(`${BSON.EJSON.stringify(value)} and ${BSON.EJSON.stringify(other)}: the server says ${same}`);
        }
      }
    }
  } finally {
    await db.dropDatabase();
    await client.close();
  }
  expect(wrong).toEqual([]);
}, 30_000);

import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import { BsonType, type RawDocument, type RawField, rawDocument, rawEmbedded, rawInt32, rawString } from '#core';
import { pick, type Seeded } from '../../e2e/scenarios/seeded.ts';
import { anyNumber } from './world.ts';

/** Values of every type that the driver can say. */
function anyValue(random: Seeded): unknown {
  const n = anyNumber(random, 1000);
  return pick<unknown>(random, [
    new Int32(n),
    new Double(n),
    new Double(-0),
    Long.fromString(`9007199254740${n}`),
    Decimal128.fromString(`${n}.50`),
    Decimal128.fromString('-Infinity'),
    new Date(-1 - n),
    new Date(8.64e15),
    new Binary(Buffer.alloc(n % 50, n), 0),
    new Binary(Buffer.from('old'), 2),
    new Binary(Buffer.from('own'), 0x80),
    new UUID(),
    new ObjectId(),
    new BSONRegExp('(?i)a|b', 'mx'),
    new BSONSymbol('symbol'),
    new Code('f', { a: n }),
    new Code('g'),
    new MinKey(),
    new MaxKey(),
    new Timestamp({ t: n, i: 1 }),
    new DBRef('elsewhere', new ObjectId()),
    null,
    true,
    '',
    'ä€𝄞',
    [[], {}, [[n]]],
    { '': n, 'a.b': { $x: 1 } },
  ]);
}

/** What an ordinary document has, with keys like integers in front, and arrays that diffs go into. */
export function content(random: Seeded): Document {
  const n = anyNumber(random, 1000);
  return {
    b: n,
    2: 'two',
    1: 'one',
    kind: anyValue(random),
    more: anyValue(random),
    list: Array.from({ length: anyNumber(random, 6) }, (_, at) => ({ at, deep: [at, [n]] })),
    sub: { x: n, 3: 'three', y: { z: 'z'.repeat(n % 30), any: anyValue(random) } },
    at: new Date(Date.now() - anyNumber(random, 20_000)),
    where: { type: 'Point', coordinates: [(n % 360) - 180, (n % 180) - 90] },
    uuid: new UUID(),
    none: null,
  };
}

const bytes = (...all: number[]): Buffer => Buffer.from(all);

/** Fields that no object of the driver's holds, or that it would change on the way. */
const ODD: readonly RawField[][] = [
  [
    ['10', rawInt32(1)],
    ['9', rawInt32(2)],
    ['', rawInt32(3)],
  ],
  [
    ['same', rawInt32(1)],
    ['other', rawInt32(0)],
    ['same', rawInt32(2)],
  ],
  [['gone', { type: BsonType.undefined, bytes: bytes() }]],
  [['pointer', { type: BsonType.dbPointer, bytes: Buffer.concat([rawString('db.x').bytes, Buffer.alloc(12, 7)]) }]],
  [['bad', { type: BsonType.string, bytes: bytes(3, 0, 0, 0, 0xc3, 0x28, 0) }]],
  [
    ['t', { type: BsonType.timestamp, bytes: Buffer.alloc(8) }],
    ['after', rawInt32(1)],
  ],
  [
    ['a.b', { type: BsonType.timestamp, bytes: Buffer.alloc(8) }],
    ['$x', rawInt32(1)],
  ],
  [['nan', { type: BsonType.double, bytes: bytes(1, 0, 0, 0, 0, 0, 0xf8, 0x7f) }]],
  [['far', { type: BsonType.date, bytes: bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f) }]],
  [
    [
      'odd keys',
      {
        type: BsonType.array,
        bytes: rawDocument([
          ['7', rawInt32(1)],
          ['x', rawInt32(2)],
        ]),
      },
    ],
  ],
  [
    [
      'sub',
      rawEmbedded(
        rawDocument([
          ['2', rawInt32(1)],
          ['1', rawInt32(2)],
          ['2', rawInt32(3)],
        ]),
      ),
    ],
    ['list', { type: BsonType.array, bytes: rawDocument([['0', rawInt32(4)]]) }],
  ],
];

/** A few of them, under `_id`s that ordinary documents have too. */
export const oddDocuments = (random: Seeded): RawDocument[] =>
  Array.from({ length: 3 }, () =>
    rawDocument([
      ['_id', rawInt32(anyNumber(random, 60))],
      ['b', rawInt32(anyNumber(random, 1000))],
      ...pick(random, [ODD[0] ?? [], ...ODD.slice(1)]),
    ]),
  );

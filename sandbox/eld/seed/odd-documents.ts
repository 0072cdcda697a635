import { Binary, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'mongodb';
import { type CollectionPlan, DAY_MS, numbered } from './collection-plan.ts';
import type { Random } from './random.ts';

/** A document as bytes on the wire can be, but a JavaScript object can't: fields in any order, a name twice. */
class Fields extends Map<string, unknown> {
  readonly #fields: readonly (readonly [string, unknown])[];
  constructor(fields: readonly (readonly [string, unknown])[]) {
    super(fields);
    this.#fields = fields;
  }
  override entries(): MapIterator<[string, unknown]> {
    return this.#fields.map(([name, value]): [string, unknown] => [name, value]).values() as MapIterator<
      [string, unknown]
    >;
  }
  override [Symbol.iterator](): MapIterator<[string, unknown]> {
    return this.entries();
  }
}

/** Values of one kind each that a careless copy changes. */
function oddValue(n: number, random: Random): unknown {
  const kinds: readonly [() => unknown, ...(() => unknown)[]] = [
    () => Decimal128.fromString('1234567890.0100'),
    () => Decimal128.fromString('NaN'),
    () => new Timestamp({ t: 1_700_000_000 + n, i: n }),
    () => new Binary(random.bytes(24), 0x80),
    () => new UUID(Buffer.from(random.bytes(16))),
    () => Long.fromString('9007199254740993'),
    () => new Double(5),
    () => new Double(-0),
    () => new Int32(5),
    () => [[[n], {}], [], null],
    () => new Code('function () { return 1 }'),
    () => /road.*$/i,
    () => new MinKey(),
    () => new MaxKey(),
    () => new Date(-62_135_596_800_000),
    () => 'a\u0000b \u{1F69B} \u202E',
    () => Number.NaN,
    () => Number.POSITIVE_INFINITY,
  ];
  return (kinds[n % kinds.length] ?? kinds[0])();
}

function oddId(n: number, random: Random): unknown {
  const kinds: readonly [() => unknown, ...(() => unknown)[]] = [
    () => n,
    () => `note-${n}`,
    () => new ObjectId(random.bytes(12)),
    () => ({ driver: numbered('driver', n), day: n }),
    () => new Date(1_700_000_000_000 + n),
    () => Long.fromNumber(n + 10_000_000_000),
    () => new Binary(random.bytes(8)),
    () => Decimal128.fromString(`${n}.50`),
  ];
  return (kinds[n % kinds.length] ?? kinds[0])();
}

/** What other systems wrote over the years. */
export const ODD: readonly CollectionPlan[] = [
  {
    name: 'annotations',
    why: 'every BSON type, ids of mixed types, keys like integers in their own order, a name twice in one document',
    count: 1000,
    document: (n, random) =>
      new Fields([
        ['_id', oddId(n, random)],
        ['10', n],
        ['9', 'after 10'],
        ['value', oddValue(n, random)],
        ['', 'a field without a name'],
        ['dotted.name', 1],
        ...(n % 50 === 0 ? ([['9', 'the same name again']] as const) : []),
        [
          'nested',
          new Fields([
            ['2', 'two'],
            ['1', oddValue(n + 3, random)],
          ]),
        ],
      ]),
  },
  {
    name: 'fuel_receipts',
    why: 'money as Decimal128, and a hidden index',
    indexes: [{ key: { at: 1 }, hidden: true, name: 'time_hidden' }],
    count: 500,
    document: (n, random, now) => ({
      vehicleId: numbered('vehicle', n % 250),
      at: new Date(now - random.int(0, 300) * DAY_MS),
      amount: Decimal128.fromString(`${random.int(20, 900)}.${String(random.int(0, 100)).padStart(2, '0')}`),
      scan: new Binary(random.bytes(random.int(20, 400))),
    }),
  },
  {
    name: 'device_events',
    why: 'capped: the order of arrival is the only order',
    options: { capped: true, size: 2_097_152, max: 5000 },
    count: 645,
    document: (n, random) => ({ sequence: n, event: random.pick(['power-on', 'power-off', 'gps-lost', 'gps-found']) }),
  },
  {
    name: 'service_health',
    why: "one document an instance, written by its health check all the time; a former instance's is always there",
    count: 5,
    document: (n, _random, now) => ({ _id: `eld-api-before-${n}`, at: new Date(now - DAY_MS) }),
  },
];

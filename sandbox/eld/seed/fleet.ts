import { type CollectionPlan, DAY_MS, numbered } from './collection-plan.ts';

const STATES = ['KS', 'MO', 'TX', 'CA', 'WA', 'NY'] as const;
const NAMES = ['Ann Lee', 'Bo Park', 'Cem Öz', 'Dana Ríos', 'Émile Roy', 'Fay Ng', 'Gus Ahl', 'Hana Itō'] as const;

/** Who drives what for whom. */
export const FLEET: readonly CollectionPlan[] = [
  {
    name: 'carriers',
    why: 'a unique index',
    indexes: [{ key: { dotNumber: 1 }, unique: true, name: 'dot_number' }],
    count: 40,
    document: (n, random) => ({
      _id: numbered('carrier', n),
      name: `Carrier ${random.code(5)}`,
      dotNumber: 1_000_000 + n * 37,
      state: random.pick(STATES),
    }),
  },
  {
    name: 'drivers',
    why: 'a validator, and an index with a collation of its own',
    options: {
      validator: {
        $jsonSchema: {
          bsonType: 'object',
          required: ['name', 'licence'],
          properties: { name: { bsonType: 'string' }, licence: { bsonType: 'object', required: ['state', 'number'] } },
        },
      },
      validationLevel: 'moderate',
      validationAction: 'error',
    },
    indexes: [
      { key: { name: 1 }, name: 'name_any_case', collation: { locale: 'en', strength: 2 } },
      { key: { 'licence.state': 1, 'licence.number': 1 }, unique: true, name: 'licence' },
    ],
    count: 300,
    document: (n, random) => ({
      _id: numbered('driver', n),
      name: random.pick(NAMES),
      licence: { state: random.pick(STATES), number: `${random.code(6)}${n}` },
      carrierId: numbered('carrier', n % 40),
      exempt: n % 29 === 0,
    }),
  },
  {
    name: 'vehicles',
    why: 'a unique index, a wildcard index, and keys that differ from document to document',
    indexes: [
      { key: { vin: 1 }, unique: true, name: 'vin' },
      { key: { 'attributes.$**': 1 }, name: 'any_attribute' },
    ],
    count: 250,
    document: (n, random) => ({
      _id: numbered('vehicle', n),
      vin: `1HT${random.code(10)}${String(n).padStart(4, '0')}`,
      carrierId: numbered('carrier', n % 40),
      attributes:
        n % 3 === 0 ? { axles: random.int(2, 6) } : { fuel: random.pick(['diesel', 'electric']), sleeper: true },
    }),
  },
  {
    name: 'terminals',
    why: 'a collation as the default of the whole collection: _id is compared by it too',
    options: { collation: { locale: 'en', strength: 2, numericOrdering: true } },
    indexes: [{ key: { city: 1 }, name: 'city' }],
    count: 60,
    document: (n, random) => ({
      _id: `Terminal ${n}`,
      city: random.pick(['Topeka', 'topeka', 'Éire', 'Reno']),
      docks: n,
    }),
  },
  {
    name: 'device_sessions',
    why: 'a TTL index, with what would expire far in the future',
    indexes: [{ key: { expiresAt: 1 }, expireAfterSeconds: 0, name: 'ttl' }],
    count: 400,
    document: (n, random, now) => ({
      _id: `session-${random.code(12)}-${n}`,
      vehicleId: numbered('vehicle', n % 250),
      expiresAt: new Date(now + (365 + random.int(0, 365)) * DAY_MS),
    }),
  },
];

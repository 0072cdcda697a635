import { type CollectionPlan, DAY_MS, HOUR_MS, numbered } from './collection-plan.ts';

/** What they did: by far the most documents. */
export const HOURS: readonly CollectionPlan[] = [
  {
    name: 'driver_logs',
    why: 'live: the service writes here all the time',
    indexes: [
      { key: { driverId: 1, at: -1 }, name: 'driver_time' },
      { key: { vehicleId: 1, at: -1 }, name: 'vehicle_time' },
    ],
    count: 9000,
    document: (n, random, now) => ({
      _id: `seed-${String(n).padStart(6, '0')}`,
      driverId: numbered('driver', n % 300),
      vehicleId: numbered('vehicle', n % 250),
      kind: random.pick(['duty-status', 'login']),
      status: random.pick(['OFF', 'SB', 'D', 'ON']),
      odometerKm: random.int(1, 900_000) / 10,
      position: { lat: 30 + random.int(0, 1500) / 100, lon: -120 + random.int(0, 4000) / 100 },
      at: new Date(now - 30 * DAY_MS + n * 280_000),
    }),
  },
  {
    name: 'positions',
    why: 'a geographic index',
    indexes: [
      { key: { location: '2dsphere' }, name: 'location' },
      { key: { vehicleId: 1, at: -1 }, name: 'vehicle_time' },
    ],
    count: 6000,
    document: (n, random, now) => ({
      vehicleId: numbered('vehicle', n % 250),
      at: new Date(now - DAY_MS + n * 14_000),
      location: {
        type: 'Point',
        coordinates: [-120 + random.int(0, 400_000) / 1e4, 30 + random.int(0, 150_000) / 1e4],
      },
      speedKmh: random.int(0, 110),
      heading: random.next() * 360,
    }),
  },
  {
    name: 'inspections',
    why: 'arrays in arrays, and an index on them',
    indexes: [{ key: { 'defects.codes': 1 }, name: 'defect_codes' }],
    count: 600,
    document: (n, random, now) => ({
      vehicleId: numbered('vehicle', n % 250),
      at: new Date(now - random.int(0, 90) * DAY_MS),
      defects: Array.from({ length: random.int(0, 4) }, () => ({
        codes: [random.code(3), random.code(3)],
        readings: [[random.int(0, 99), [random.next(), null]], []],
      })),
      signed: n % 7 !== 0,
    }),
  },
  {
    name: 'violations',
    why: 'a partial and a sparse index',
    indexes: [
      { key: { driverId: 1 }, partialFilterExpression: { resolved: false }, name: 'open_ones' },
      { key: { citation: 1 }, sparse: true, unique: true, name: 'citation' },
    ],
    count: 400,
    document: (n, random, now) => ({
      driverId: numbered('driver', n % 300),
      rule: random.pick(['11-hour', '14-hour', '30-minute-break', '70-hour']),
      resolved: n % 4 !== 0,
      at: new Date(now - random.int(0, 1000) * HOUR_MS),
      ...(n % 5 === 0 ? { citation: `C-${n}` } : {}),
    }),
  },
  {
    name: 'malfunctions',
    why: 'clustered: it has no index on _id, its documents are stored by it',
    options: { clusteredIndex: { key: { _id: 1 }, unique: true, name: 'by_id' } },
    count: 800,
    document: (n, random, now) => ({
      _id: new Date(now - 60 * DAY_MS + n * 97_000),
      vehicleId: numbered('vehicle', n % 250),
      code: random.pick(['P', 'E', 'T', 'L', 'R', 'S', 'O']),
    }),
  },
];

import { pick } from '../../e2e/scenarios/seeded.ts';
import { anyDb, anyNumber, type Change } from './world.ts';

const NAME = 'readings';

/** Measurements of a few sensors: into buckets that are open, into old ones, and so many that buckets are closed. */
export const measurements: readonly [Change, ...Change[]] = [
  (w) =>
    anyDb(w)
      .collection(NAME)
      .insertMany(
        Array.from({ length: 1 + anyNumber(w.random, 60) }, (_, n) => ({
          t: new Date(Date.now() - 40 * n),
          sensor: { name: `s${n % 3}` },
          value: n % 7 === 0 ? null : w.random() * 100,
          ...(n % 5 === 0 ? { note: 'n'.repeat(n) } : {}),
        })),
        { ordered: w.random() < 0.5 },
      ),
  (w) =>
    anyDb(w)
      .collection(NAME)
      .insertOne({ t: new Date(Date.now() - anyNumber(w.random, 1e9)), sensor: { name: 's1' }, value: 'late' }),
  (w) =>
    anyDb(w)
      .collection(NAME)
      .deleteMany({ 'sensor.name': pick(w.random, ['s0', 's1', 's2']) }),
  (w) =>
    anyDb(w)
      .collection(NAME)
      .updateMany({ 'sensor.name': 's2' }, { $set: { 'sensor.moved': anyNumber(w.random, 9) } }),
];

export const timeSeries: readonly [Change, ...Change[]] = [
  (w) => {
    const granularity = pick(w.random, ['seconds', 'minutes'] as const);
    const expires = w.random() < 0.3 ? { expireAfterSeconds: 3_600 } : {};
    return anyDb(w).createCollection(NAME, {
      timeseries: { timeField: 't', metaField: 'sensor', granularity },
      ...expires,
    });
  },
  (w) => anyDb(w).command({ collMod: NAME, timeseries: { granularity: pick(w.random, ['minutes', 'hours']) } }),
  (w) => anyDb(w).command({ collMod: NAME, expireAfterSeconds: pick<unknown>(w.random, ['off', 7_200]) }),
  (w) => anyDb(w).collection(NAME).createIndex({ 'sensor.name': 1, t: -1 }, { name: 'by_sensor' }),
  (w) => anyDb(w).collection(NAME).createIndex({ value: 1 }, { name: 'by_value' }),
  async (w) => {
    if (w.random() < 0.4) await anyDb(w).collection(NAME).drop();
  },
];

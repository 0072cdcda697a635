import { Decimal128, Double, Long, ObjectId } from 'mongodb';
import { pick } from '../../e2e/scenarios/seeded.ts';
import { content, oddDocuments } from './content.ts';
import { measurements } from './time-series.ts';
import { transaction } from './transaction.ts';
import { anyCollection, anyDb, anyId, anyNumber, type Change, NAMES } from './world.ts';

/** Near the 16 MiB that the server takes. */
const HUGE_BYTES = 16 * 1024 * 1024 - 200;

/** Changes of documents. They go on while definitions change and while somebody looks. */
export const writes: readonly [Change, ...Change[]] = [
  (w) => anyCollection(w).insertMany(Array.from({ length: 5 }, () => ({ _id: new ObjectId(), ...content(w.random) }))),
  (w) => anyCollection(w).replaceOne(anyId(w.random), content(w.random), { upsert: true }),
  (w) => {
    const { _id } = anyId(w.random);
    const same = pick<unknown>(w.random, [new Double(_id), Long.fromNumber(_id), Decimal128.fromString(`${_id}.0`)]);
    return anyCollection(w).replaceOne({ _id }, { _id: same as never, ...content(w.random) });
  },
  (w) =>
    anyCollection(w).updateMany(
      { b: { $gt: anyNumber(w.random, 1000) } },
      { $inc: { 'sub.x': 1 }, $push: { list: { pushed: anyNumber(w.random, 9) } } as object, $unset: { none: '' } },
    ),
  (w) => anyCollection(w).updateMany({ 'list.2': { $exists: true } }, { $set: { 'list.1.at': -1, 'list.9': 'far' } }),
  (w) =>
    anyCollection(w).updateMany(
      {},
      {
        $push: { list: { $each: [{ at: 3 }, { at: 1 }], $sort: { at: 1 }, $slice: -4 } } as object,
        $mul: { b: new Double(1.5) },
        $currentDate: { touched: { $type: 'timestamp' } },
      },
    ),
  (w) =>
    anyCollection(w).updateMany(
      { list: { $elemMatch: { at: { $gte: 1 } } } },
      { $set: { 'list.$[each].deep': [anyNumber(w.random, 9)] }, $max: { 'sub.y.most': anyNumber(w.random, 99) } },
      { arrayFilters: [{ 'each.at': { $gte: 1 } }] },
    ),
  (w) => anyCollection(w).updateMany({}, { $pop: { list: -1 }, $addToSet: { set: anyNumber(w.random, 5) } as object }),
  (w) => anyCollection(w).updateMany({}, [{ $set: { copied: '$sub', none: { $literal: [] } } }, { $unset: 'more' }]),
  (w) => anyCollection(w).deleteMany({ b: { $mod: [7, anyNumber(w.random, 7)] } }),
  (w) => anyCollection(w).findOneAndUpdate(anyId(w.random), { $set: { found: true }, $rename: { b: 'c' } }),
  (w) => anyCollection(w).findOneAndReplace(anyId(w.random), content(w.random)),
  (w) => anyCollection(w).findOneAndDelete({ b: { $lt: anyNumber(w.random, 300) } }),
  (w) =>
    anyCollection(w).bulkWrite(
      [
        { updateOne: { filter: anyId(w.random), update: { $set: { bulk: 1 } }, upsert: true } },
        { insertOne: { document: { ...anyId(w.random), ...content(w.random) } } },
        { deleteOne: { filter: anyId(w.random) } },
        { insertOne: { document: { ...anyId(w.random), ...content(w.random) } } },
        { updateMany: { filter: { found: true }, update: { $unset: { found: '' } } } },
      ],
      { ordered: false },
    ),
  (w) => {
    const db = anyDb(w);
    return w.insertRaw({ database: db.databaseName, name: pick(w.random, NAMES) }, oddDocuments(w.random));
  },
  (w) =>
    anyDb(w)
      .collection<{ _id: string }>('folded')
      .bulkWrite(
        ['Ab', 'aB', 'cd', `E${anyNumber(w.random, 9)}`].flatMap((_id) => [
          { deleteOne: { filter: { _id } } },
          { insertOne: { document: { _id, n: anyNumber(w.random, 99) } } },
        ]),
        { ordered: false },
      ),
  (w) =>
    anyDb(w)
      .collection('expiring')
      .insertMany(Array.from({ length: 4 }, (_, n) => ({ at: new Date(Date.now() - 500 * n), n }))),
  (w) =>
    anyCollection(w)
      .aggregate([{ $match: { b: { $gt: 500 } } }, { $limit: 20 }, { $merge: { into: pick(w.random, NAMES) } }])
      .toArray(),
  (w) => pick(w.random, measurements)(w),
  (w) => pick(w.random, measurements)(w),
  (w) => transaction(w, w.large && w.random() < 0.05 ? 20_000_000 : 140),
  (w) => transaction(w, 140),
  async (w) => {
    if (!w.large || w.random() > 0.08) return;
    const text = 'h'.repeat(HUGE_BYTES);
    await anyDb(w)
      .collection<{ _id: number }>('huge')
      .replaceOne({ _id: anyNumber(w.random, 2) }, { text }, { upsert: true });
  },
  (w) =>
    anyDb(w)
      .collection('huge')
      .updateMany({}, { $inc: { counted: 1 } }),
];

import {
  type ClientSession,
  type Db,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  type MongoClient,
  ObjectId,
  UUID,
} from 'mongodb';
import { pick, type Seeded } from '../e2e/scenarios/seeded.ts';

const NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const;
const IDS = 40;

/** Integer-like names in front, so that their order shows; every number type; deep arrays. */
function content(random: Seeded): Document {
  const n = Math.floor(random() * 1000);
  return {
    b: n,
    2: 'two',
    1: 'one',
    kind: pick<unknown>(random, [new Int32(n), new Double(n), Long.fromNumber(n), Decimal128.fromString(`${n}.50`)]),
    list: Array.from({ length: Math.floor(random() * 6) }, (_, at) => ({ at, deep: [at, [n]] })),
    sub: { x: n, y: { z: 'z'.repeat(n % 30) } },
    when: new Date(n * 1e9),
    uuid: new UUID(),
    pattern: /^a.*b$/i,
    none: null,
  };
}

const idIn = (random: Seeded): { _id: never } => ({ _id: Math.floor(random() * IDS) as never });

type Change = (db: Db, random: Seeded, client: MongoClient) => Promise<unknown>;

/** Writes to one collection, whatever it is now; each may find nothing to do. */
const writes: readonly [Change, ...Change[]] = [
  (db, random) =>
    db
      .collection(pick(random, NAMES))
      .insertMany(Array.from({ length: 5 }, () => ({ _id: new ObjectId(), ...content(random) }))),
  (db, random) => db.collection(pick(random, NAMES)).replaceOne(idIn(random), content(random), { upsert: true }),
  (db, random) =>
    db
      .collection(pick(random, NAMES))
      .updateMany(
        { b: { $gt: Math.floor(random() * 1000) } },
        { $inc: { 'sub.x': 1 }, $push: { list: { pushed: Math.floor(random() * 9) } } as object, $unset: { none: '' } },
      ),
  (db, random) =>
    db
      .collection(pick(random, NAMES))
      .updateMany({ 'list.2': { $exists: true } }, { $set: { 'list.1.at': -1, 'list.9': 'far' } }),
  (db, random) =>
    db.collection(pick(random, NAMES)).updateMany({}, [{ $set: { copied: '$sub', none: { $literal: [] } } }]),
  (db, random) => db.collection(pick(random, NAMES)).deleteMany({ b: { $mod: [7, Math.floor(random() * 7)] } }),
  (db, random) =>
    db.collection(pick(random, NAMES)).findOneAndUpdate(idIn(random), { $set: { found: true }, $rename: { b: 'c' } }),
  (db, random) =>
    db
      .collection(pick(random, NAMES))
      .bulkWrite(
        [
          { updateOne: { filter: idIn(random), update: { $set: { bulk: 1 } }, upsert: true } },
          { deleteOne: { filter: idIn(random) } },
          { insertOne: { document: { ...idIn(random), ...content(random) } } },
        ],
        { ordered: false },
      ),
  (db) => db.collection('ring').insertMany(Array.from({ length: 4 }, (_, n) => ({ n }))),
  (db, random, client) => inTransaction(db, client, random, random() < 0.15 ? 3_000_000 : 20),
];

/** Changes of what there is: names, indexes, options, views. */
const definitions: readonly [Change, ...Change[]] = [
  (db, random) =>
    db
      .collection(pick(random, NAMES))
      .createIndex({ b: 1, _id: -1 }, { name: 'b_id', partialFilterExpression: { b: { $gt: 5 } } }),
  (db, random) => db.collection(pick(random, NAMES)).createIndex({ 'sub.y.z': 'text' }, { name: 'words' }),
  (db, random) =>
    db
      .collection(pick(random, NAMES))
      .createIndex({ uuid: 1 }, { name: 'one', unique: true, sparse: true, collation: { locale: 'de', strength: 2 } }),
  (db, random) => db.collection(pick(random, NAMES)).dropIndexes(),
  (db, random) => db.command({ collMod: pick(random, NAMES), index: { name: 'b_id', hidden: random() < 0.5 } }),
  (db, random) =>
    db.command({
      collMod: pick(random, NAMES),
      validator: { b: { $gte: -Math.floor(random() * 9) } },
      validationAction: 'warn',
    }),
  (db, random) => db.collection(pick(random, NAMES)).rename(pick(random, NAMES), { dropTarget: random() < 0.7 }),
  (db, random) => db.collection(pick(random, NAMES)).drop(),
  (db, random) => db.createCollection(pick(random, NAMES), { collation: { locale: 'fr', caseLevel: true } }),
  (db, random) =>
    db.createCollection(pick(random, NAMES), { clusteredIndex: { key: { _id: 1 }, unique: true, name: 'by id' } }),
  (db) => db.createCollection('ring', { capped: true, size: 50_000, max: 9 }),
  (db) => db.collection('ring').drop(),
  (db, random) =>
    db.createCollection('view', { viewOn: pick(random, NAMES), pipeline: [{ $match: { b: { $gt: 1 } } }] }),
  (db, random) => db.command({ collMod: 'view', viewOn: pick(random, NAMES), pipeline: [] }),
  (db) => db.collection('view').drop(),
];

/** One random change, acknowledged by a majority. One that the server refuses (nothing there, or there already) is none. */
export async function randomChange(db: Db, client: MongoClient, random: Seeded): Promise<void> {
  const change = random() < 0.7 ? pick(random, writes) : pick(random, definitions);
  await change(db, random, client).catch(() => undefined);
}

async function inTransaction(db: Db, client: MongoClient, random: Seeded, textLength: number): Promise<void> {
  const aborts = random() < 0.2;
  await client.withSession(async (session: ClientSession) => {
    session.startTransaction();
    const text = 't'.repeat(textLength);
    for (let n = 0; n < 7; n += 1)
      await db.collection(pick(random, NAMES)).insertOne({ _id: new ObjectId(), n, text }, { session });
    await db.collection(pick(random, NAMES)).updateMany({}, { $set: { inTransaction: true } }, { session });
    await db.collection(pick(random, NAMES)).deleteOne(idIn(random), { session });
    if (aborts) await session.abortTransaction();
    else await session.commitTransaction();
  });
}

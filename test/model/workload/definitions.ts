import { ObjectId } from 'mongodb';
import { pick } from '../../e2e/scenarios/seeded.ts';
import { content } from './content.ts';
import { timeSeries } from './time-series.ts';
import { anyCollection, anyDb, anyNumber, type Change, NAMES, type Workload } from './world.ts';

const anyName = ({ random }: Workload) => pick(random, NAMES);

const indexes: readonly [Change, ...Change[]] = [
  (w) => anyCollection(w).createIndex({ b: 1, _id: -1 }, { name: 'b_id', partialFilterExpression: { b: { $gt: 5 } } }),
  (w) => anyCollection(w).createIndex({ 'sub.y.z': 'text' }, { name: 'words', weights: { 'sub.y.z': 3 } }),
  (w) =>
    anyCollection(w).createIndex(
      { uuid: 1 },
      { name: 'one', unique: true, sparse: true, collation: { locale: 'de', strength: 2 } },
    ),
  // what it finds twice ends its building
  (w) => anyCollection(w).createIndex({ kind: 1 }, { name: 'hardly', unique: true }),
  (w) => anyCollection(w).createIndex({ b: 'hashed' }, { name: 'hashed' }),
  (w) => anyCollection(w).createIndex({ where: '2dsphere' }, { name: 'where' }),
  (w) => anyCollection(w).createIndex({ '$**': 1 }, { name: 'wild', wildcardProjection: { sub: 1 } }),
  (w) => anyCollection(w).createIndex({ at: 1 }, { name: 'old', expireAfterSeconds: 5 + anyNumber(w.random, 9) }),
  (w) => anyCollection(w).createIndexes([{ key: { c: -1 }, hidden: true, name: 'c' }, { key: { 'list.at': 1 } }]),
  (w) => anyDb(w).collection('expiring').createIndex({ at: 1 }, { name: 'at', expireAfterSeconds: 2 }),
  (w) => anyCollection(w).dropIndexes(),
  (w) => anyCollection(w).dropIndex(pick(w.random, ['b_id', 'old', 'words', 'one'])),
];

const options: readonly [Change, ...Change[]] = [
  (w) => anyDb(w).command({ collMod: anyName(w), index: { name: 'b_id', hidden: w.random() < 0.5 } }),
  (w) => anyDb(w).command({ collMod: anyName(w), index: { name: 'old', expireAfterSeconds: anyNumber(w.random, 30) } }),
  async (w) => {
    const [db, name] = [anyDb(w), anyName(w)];
    await db.command({ collMod: name, index: { name: 'b_id', prepareUnique: true } });
    if (w.random() < 0.7) await db.command({ collMod: name, index: { name: 'b_id', unique: true } });
    else await db.command({ collMod: name, index: { name: 'b_id', prepareUnique: false } });
  },
  (w) =>
    anyDb(w).command({
      collMod: anyName(w),
      validator: w.random() < 0.2 ? {} : { b: { $gte: -anyNumber(w.random, 9) } },
      validationAction: 'warn',
    }),
  (w) => anyDb(w).command({ collMod: anyName(w), validationLevel: pick(w.random, ['off', 'strict', 'moderate']) }),
  (w) => anyDb(w).command({ collMod: anyName(w), changeStreamPreAndPostImages: { enabled: w.random() < 0.5 } }),
  (w) => anyDb(w).command({ collMod: 'keyed', expireAfterSeconds: pick<unknown>(w.random, ['off', 3600, 7200]) }),
];

const collections: readonly [Change, ...Change[]] = [
  (w) => anyDb(w).renameCollection(anyName(w), anyName(w), { dropTarget: w.random() < 0.7 }),
  (w) => {
    const [from, to] = w.random() < 0.5 ? w.databases : [...w.databases].reverse();
    const target = `${to}.${anyName(w)}`;
    return w.client
      .db('admin')
      .command({ renameCollection: `${from}.${anyName(w)}`, to: target, dropTarget: w.random() < 0.8 });
  },
  (w) => anyCollection(w).drop(),
  (w) => anyDb(w).collection('huge').drop(),
  async (w) => {
    if (w.random() < 0.3) await w.client.db(w.databases[1]).dropDatabase();
  },
  (w) => anyDb(w).createCollection(anyName(w), { collation: { locale: 'fr', caseLevel: true } }),
  (w) => anyDb(w).createCollection('folded', { collation: { locale: 'en', strength: 2 } }),
  (w) => anyDb(w).createCollection(anyName(w), { clusteredIndex: { key: { _id: 1 }, unique: true, name: 'by id' } }),
  (w) =>
    anyDb(w).createCollection('keyed', { clusteredIndex: { key: { _id: 1 }, unique: true }, expireAfterSeconds: 3600 }),
  (w) => anyDb(w).createCollection(anyName(w), { changeStreamPreAndPostImages: { enabled: true } }),
  (w) =>
    anyCollection(w)
      .aggregate([{ $match: { b: { $gt: 300 } } }, { $out: anyName(w) }])
      .toArray(),
];

/** Capped collections: no snapshot read shows them, so only one at a time writes to them. */
const capped: readonly [Change, ...Change[]] = [
  (w) => anyDb(w).createCollection('ring', { capped: true, size: 50_000, max: 9 }),
  (w) =>
    anyDb(w)
      .collection('ring')
      .insertMany(Array.from({ length: 4 }, (_, n) => ({ n }))),
  (w) =>
    anyDb(w)
      .collection('ring')
      .insertMany([{ n: 'a' }, { n: 'b' }]),
  (w) =>
    anyDb(w)
      .collection('ring')
      .updateMany({ n: 2 }, { $set: { n: 3 } }),
  (w) => anyDb(w).command({ collMod: 'ring', cappedMax: 5 + anyNumber(w.random, 9) }),
  (w) => anyDb(w).command({ collMod: 'ring', cappedSize: 40_000 + anyNumber(w.random, 20_000) }),
  (w) => anyDb(w).collection('ring').drop(),
  (w) =>
    anyDb(w)
      .collection('spool')
      .insertMany(Array.from({ length: 9 }, () => ({ _id: new ObjectId(), ...content(w.random) }))),
  (w) => anyDb(w).command({ convertToCapped: 'spool', size: 20_000 }),
  (w) => anyDb(w).command({ cloneCollectionAsCapped: anyName(w), toCollection: 'spool', size: 30_000 }),
  (w) => anyDb(w).collection('spool').drop(),
];

const views: readonly [Change, ...Change[]] = [
  (w) => anyDb(w).createCollection('view', { viewOn: anyName(w), pipeline: [{ $match: { b: { $gt: 1 } } }] }),
  (w) =>
    anyDb(w).createCollection('joined', {
      viewOn: 'view',
      pipeline: [{ $lookup: { from: anyName(w), localField: 'b', foreignField: 'b', as: 'same' } }],
      collation: { locale: 'sv' },
    }),
  (w) => anyDb(w).command({ collMod: 'view', viewOn: anyName(w), pipeline: [] }),
  (w) =>
    anyDb(w)
      .collection(pick(w.random, ['view', 'joined']))
      .drop(),
];

/** Changes of what there is. One at a time, and none while somebody looks: no server shows an earlier catalog. */
export const definitions: readonly [Change, ...Change[]] = [
  (w) => pick(w.random, indexes)(w),
  (w) => pick(w.random, indexes)(w),
  (w) => pick(w.random, options)(w),
  (w) => pick(w.random, collections)(w),
  (w) => pick(w.random, capped)(w),
  (w) => pick(w.random, views)(w),
  (w) => pick(w.random, timeSeries)(w),
];

/** Written to only by those changes. */
export const ONE_AT_A_TIME = ['ring', 'spool'];

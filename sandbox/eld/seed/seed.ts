import { type Document, MongoClient, MongoServerError, ObjectId } from 'mongodb';
import type { CollectionPlan } from './collection-plan.ts';
import { FLEET } from './fleet.ts';
import { HOURS } from './hours.ts';
import { ODD } from './odd-documents.ts';
import { type Random, seededRandom } from './random.ts';

/** The fourteen collections of the company, with what each is for. */
export const COLLECTIONS: readonly CollectionPlan[] = [...FLEET, ...HOURS, ...ODD];

export const VIEW = 'drivers_on_duty';

export type SeedOptions = {
  /** A connection that may write to the database `eld`. */
  readonly uri: string;
  readonly seed?: number;
  /** Times are counted from here; ms since 1970. */
  readonly now: number;
};

export type Seeded = { readonly collections: number; readonly documents: number };

const BATCH = 1000;
const NAMESPACE_EXISTS = 48;

/**
 * Fills the database `eld`: 20,000 documents in 14 collections and a view. Does nothing to a collection that already
 * holds documents, so that a second start keeps what happened in the first. Committed by majority when it returns.
 */
export async function seedEld({ uri, seed = 7, now }: SeedOptions): Promise<Seeded> {
  const client = new MongoClient(uri, { writeConcern: { w: 'majority' }, ignoreUndefined: true });
  try {
    const database = client.db('eld');
    let documents = 0;
    for (const [index, plan] of COLLECTIONS.entries()) {
      await create(() => database.createCollection(plan.name, plan.options));
      const collection = database.collection<Document>(plan.name);
      if (plan.indexes !== undefined) await collection.createIndexes([...plan.indexes]);
      if ((await collection.findOne({}, { projection: { _id: 1 } })) !== null) continue;
      const random = seededRandom(seed * 1000 + index);
      for (let from = 0; from < plan.count; from += BATCH) {
        const size = Math.min(BATCH, plan.count - from);
        const batch = Array.from({ length: size }, (_, n) => withId(plan.document(from + n, random, now), random));
        // forceServerObjectId: the driver would put an _id in front of a Map's fields
        await collection.insertMany(batch, { forceServerObjectId: true });
        documents += size;
      }
    }
    await create(() =>
      database.createCollection(VIEW, {
        viewOn: 'driver_logs',
        pipeline: [
          { $match: { status: { $in: ['D', 'ON'] } } },
          { $group: { _id: '$driverId', since: { $max: '$at' } } },
        ],
      }),
    );
    return { collections: COLLECTIONS.length, documents };
  } finally {
    await client.close();
  }
}

/** Ids come from the seed too, or two seedings would differ. */
const withId = (document: Document | Map<string, unknown>, random: Random): Document =>
  document instanceof Map || '_id' in document ? document : { _id: new ObjectId(random.bytes(12)), ...document };

async function create(make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== NAMESPACE_EXISTS) throw error;
  }
}

import { type ClientSession, ObjectId } from 'mongodb';
import { pick } from '../../e2e/scenarios/seeded.ts';
import { anyId, anyNumber, NAMES, type Workload } from './world.ts';

const INSERTS = 7;

/**
 * A transaction over both databases that writes about `bytes`: past 16 MB it takes several entries of the oplog. One in
 * five is aborted.
 */
export async function transaction({ client, databases, random }: Workload, bytes: number): Promise<void> {
  const aborts = random() < 0.2;
  const name = pick(random, NAMES);
  const text = 't'.repeat(Math.ceil(bytes / INSERTS));
  await client.withSession(async (session: ClientSession) => {
    session.startTransaction({ writeConcern: { w: 'majority' } });
    try {
      for (let n = 0; n < INSERTS; n += 1) {
        const db = client.db(databases[n % 2]);
        await db.collection(pick(random, NAMES)).insertOne({ _id: new ObjectId(), n, text }, { session });
      }
      const one = client.db(databases[0]).collection(name);
      await one.updateMany({ b: { $gt: anyNumber(random, 1000) } }, { $set: { inTransaction: n() } }, { session });
      await one.deleteOne(anyId(random), { session });
      if (aborts) await session.abortTransaction();
      else await session.commitTransaction();
    } finally {
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
    }
    function n(): number {
      return anyNumber(random, 1000);
    }
  });
}

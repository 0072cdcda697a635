import type { MongoClient } from 'mongodb';
import { LEDGER } from './look.ts';

export interface Ledger {
  /** How many writes a majority acknowledged, one after the other. */
  acknowledged(): number;
  stop(): Promise<void>;
}

/** Numbers written one after the other, each only once the one before was acknowledged, as a service does it. */
export function keepLedger(client: MongoClient, database: string): Ledger {
  const ledger = client.db(database).collection<{ _id: number }>(LEDGER);
  let acknowledged = 0;
  let stopped = false;
  const writing = (async () => {
    while (!stopped) {
      const _id = acknowledged + 1;
      try {
        await ledger.updateOne({ _id }, { $set: { written: true } }, { upsert: true, writeConcern: { w: 'majority' } });
        acknowledged = _id;
      } catch {
        // not acknowledged: once more, under the same number
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    acknowledged: () => acknowledged,
    async stop() {
      stopped = true;
      await writing;
    },
  };
}

import { type Db, MongoServerError } from 'mongodb';
import { HISTORY_DAYS, type History, type HistoryStep, type Sample } from '#ports';
import type { Retry } from './retry.ts';

interface SampleDocument {
  readonly series: string;
  readonly at: Date;
  readonly value: number;
}

const NAMESPACE_EXISTS = 48;

/** Samples in a time-series collection, which the server itself keeps small and clears of what is too old. */
export function mongoHistory({ db, retry }: { readonly db: Db; readonly retry: Retry }): History {
  const samples = db.collection<SampleDocument>('history');
  let ready: Promise<void> | undefined;
  const prepare = (): Promise<void> => {
    ready ??= createOnce(db).catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return ready;
  };
  return {
    add: async (added: readonly Sample[]) => {
      if (added.length === 0) return;
      await retry(async () => {
        await prepare();
        await samples.insertMany(
          added.map(({ series, at, value }) => ({ series, at, value })),
          { ordered: false },
        );
      });
    },
    read: ({ series, since, until, stepMs }) =>
      retry(async () => {
        const step = { $floor: { $divide: [{ $subtract: ['$at', since] }, stepMs] } };
        return await samples
          .aggregate<HistoryStep>([
            { $match: { series, at: { $gte: since, $lt: until } } },
            {
              $group: {
                _id: step,
                lowest: { $min: '$value' },
                mean: { $avg: '$value' },
                samples: { $sum: 1 },
              },
            },
            { $sort: { _id: 1 } },
            {
              $project: {
                _id: 0,
                from: { $add: [since, { $multiply: ['$_id', stepMs] }] },
                lowest: 1,
                mean: 1,
                samples: 1,
              },
            },
          ])
          .toArray();
      }),
  };
}

async function createOnce(db: Db): Promise<void> {
  try {
    await db.createCollection('history', {
      timeseries: { timeField: 'at', metaField: 'series', granularity: 'minutes' },
      expireAfterSeconds: HISTORY_DAYS * 86_400,
    });
  } catch (thrown) {
    if (!(thrown instanceof MongoServerError && thrown.code === NAMESPACE_EXISTS)) throw thrown;
  }
}

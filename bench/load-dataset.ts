import { serialize } from 'bson';
import { openRestoreTarget } from '#adapters/mongodb';
import { type EldDataset, eldDataset } from './eld-dataset.ts';

const BATCH = 3000;
const WRITERS = 3;

/**
 * `node bench/load-dataset.ts URI SCALE`: fills the database of the data set and builds its indexes. What was there
 * before is dropped.
 */
async function loadDataset(uri: string, dataset: EldDataset): Promise<void> {
  const target = await openRestoreTarget({ uri });
  try {
    for (const { name, indexes, generate } of dataset.collections) {
      const at = { database: dataset.database, name };
      await target.drop(at);
      await target.create(at, Buffer.from(serialize({})));
      let batch: Buffer[] = [];
      const writing = new Set<Promise<void>>();
      for (const document of generate()) {
        batch.push(document);
        if (batch.length < BATCH) continue;
        const task = target.insert(at, batch).finally(() => writing.delete(task));
        writing.add(task);
        batch = [];
        if (writing.size >= WRITERS) await Promise.race(writing);
      }
      await Promise.all(writing);
      if (batch.length > 0) await target.insert(at, batch);
      await target.createIndexes(
        at,
        indexes.map((index) => Buffer.from(serialize({ v: 2, ...index }))),
      );
    }
  } finally {
    await target.close();
  }
}

const [uri, scale] = process.argv.slice(2);
if (uri) await loadDataset(uri, eldDataset(Number(scale ?? '1')));

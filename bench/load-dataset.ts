import { serialize } from 'bson';
import { openRestoreTarget } from '#adapters/mongodb';
import type { EldDataset } from './eld-dataset.ts';

const BATCH = 3000;
const WRITERS = 3;

/** Fills a database with a data set and builds its indexes. What was there before is dropped. */
export async function loadDataset(uri: string, dataset: EldDataset, say: (line: string) => void): Promise<void> {
  const target = await openRestoreTarget({ uri });
  try {
    for (const { name, documents, indexes, generate } of dataset.collections) {
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
      say(`loaded ${name}, ${documents.toLocaleString('en-US')} documents`);
    }
  } finally {
    await target.close();
  }
}

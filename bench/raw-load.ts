import { openRestoreTarget, openSnapshotSource } from '#adapters/mongodb';
import { documentsOf, type RawDocument, without } from '#core';
import type { SourceCollection } from '#ports';
import { type Figures, secondsSince } from './bench-case.ts';

/** What `node bench/raw-load.ts ORDER` is given, as JSON. */
export interface RawLoadOrder {
  readonly uri: string;
  readonly from: string;
  readonly to: string;
}

const BATCH = 3000;
const WRITERS = 3;

/**
 * The least that any restore must do: documents that are in memory already are inserted as they are, three batches at
 * once, and the indexes built. Prints `seconds`. Reading them from the source before is not counted.
 */
async function rawLoad({ uri, from, to }: RawLoadOrder): Promise<Figures> {
  const source = await openSnapshotSource({ uri, prefer: 'primary' });
  const target = await openRestoreTarget({ uri });
  try {
    const since = await source.majorityTime();
    const loads: { collection: SourceCollection; batches: RawDocument[][] }[] = [];
    for (const collection of (await source.catalog(from)).collections) {
      if (collection.name.startsWith('__hf_')) continue;
      const documents: RawDocument[] = [];
      for await (const batch of source.read(collection, { kind: 'all' }, since, new AbortController().signal)) {
        documents.push(...documentsOf(Buffer.from(batch.documents)));
      }
      const count = Math.ceil(documents.length / BATCH);
      const batches = Array.from({ length: count }, (_, n) => documents.slice(n * BATCH, (n + 1) * BATCH));
      loads.push({ collection, batches });
    }
    const startMs = performance.now();
    for (const { collection, batches } of loads) {
      const at = { database: to, name: collection.name };
      await target.create(at, collection.options);
      const lane = async (): Promise<void> => {
        for (let batch = batches.shift(); batch; batch = batches.shift()) await target.insert(at, batch);
      };
      await Promise.all(Array.from({ length: WRITERS }, lane));
      const indexes = collection.indexes.filter((index) => !index.includes('_id_\0'));
      await target.createIndexes(
        at,
        indexes.map((index) => without(index, 'ns')),
      );
    }
    return { seconds: secondsSince(startMs) };
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

const [order] = process.argv.slice(2);
if (order) {
  console.log(JSON.stringify(await rawLoad(JSON.parse(order))));
  process.exit(0);
}

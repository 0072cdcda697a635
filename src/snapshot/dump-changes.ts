import { asDrError, documentsOf, type RawDocument, requiredElement, valueKey } from '#core';
import type { OplogTime, SnapshotSource, SourceCollection } from '#ports';
import { DocumentBlocks, type SegmentSink } from '#vault';
import type { DumpedCollection } from './dump-collections.ts';
import { inLanes } from './in-lanes.ts';
import type { ProgressMeter } from './progress.ts';

/** A collection of which only these documents are read, known by their `_id` (`{ _id: … }`). */
export interface ChangesOf {
  readonly collection: SourceCollection;
  readonly ids: readonly RawDocument[];
}

export interface DumpChangesOptions {
  readonly source: SnapshotSource;
  readonly changes: readonly ChangesOf[];
  readonly since: OplogTime;
  readonly sink: SegmentSink;
  readonly readers: number;
  /** Gives out numbers for collections. */
  readonly nextNumber: () => number;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
}

/** Asked for at once. */
const IDS = 1000;

interface Part {
  readonly dumped: Required<DumpedCollection>;
  readonly ids: readonly RawDocument[];
}

/**
 * Reads the documents that changed, and notes of which there is nothing any more. Collections that are dropped meanwhile
 * are left out: the captured oplog has the drop. Throws what the source and the sink throw.
 */
export async function dumpChanges(options: DumpChangesOptions): Promise<DumpedCollection[]> {
  const { changes, sink, readers, nextNumber, meter } = options;
  const dropped = new Set<string>();
  const dumped = changes.map(({ collection }) => ({ collection, number: nextNumber(), gone: nextNumber() }));
  const parts = dumped.flatMap((each, index): Part[] => {
    const { ids } = changes[index] ?? { ids: [] };
    const count = Math.ceil(ids.length / IDS);
    return Array.from({ length: count }, (_, part) => ({ dumped: each, ids: ids.slice(part * IDS, (part + 1) * IDS) }));
  });
  await inLanes(readers, options.signal, (signal) => async () => {
    const blocks = new DocumentBlocks(sink);
    for (let part = parts.shift(); part; part = parts.shift()) {
      if (dropped.has(part.dumped.collection.uuid)) continue;
      if (!(await readPart({ ...options, signal }, part, blocks))) dropped.add(part.dumped.collection.uuid);
    }
    blocks.flush();
  });
  meter.collections.done += dumped.length;
  meter.tell();
  return dumped.filter(({ collection }) => !dropped.has(collection.uuid));
}

/** Whether the collection is still there. */
async function readPart(
  { source, since, meter, signal }: DumpChangesOptions,
  { dumped, ids }: Part,
  blocks: DocumentBlocks,
): Promise<boolean> {
  const missing = new Map(ids.map((id) => [keyOf(id), id]));
  try {
    for await (const batch of source.readByIds(dumped.collection, ids, since, signal)) {
      for (const document of documentsOf(batch.documents)) missing.delete(keyOf(document));
      await blocks.append(dumped.number, batch.documents);
      meter.addBatch(batch.count, batch.documents.length);
    }
  } catch (error) {
    if (asDrError(error).code !== 'NOT_FOUND') throw error;
    return false;
  }
  await blocks.append(dumped.gone, Buffer.concat([...missing.values()]));
  return true;
}

const keyOf = (document: RawDocument): string => valueKey(requiredElement(document, '_id'));

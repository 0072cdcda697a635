import type { OpenBackup, OplogSegment } from '#vault';
import { committedOperations } from './committed-operations.ts';
import { CatalogFold, type FoldedCatalog } from './fold-catalog.ts';
import type { OplogEntry } from './oplog-entry.ts';

/** Kept in memory after the first reading, if all of it fits: each collection with writes reads it again. */
const CACHE_BYTES = 32 * 1024 * 1024;

/** The captured oplog of a backup. */
export interface OplogReader {
  operations(): AsyncGenerator<OplogEntry>;
}

/** Reads and proves segments as they are asked for. Throws what `readSegment` throws, and NOT_REPLAYABLE. */
export function openOplogReader(backup: OpenBackup): OplogReader {
  const segments = backup.manifest.body.segments.filter((segment): segment is OplogSegment => segment.kind === 'oplog');
  const total = segments.reduce((sum, { plainBytes }) => sum + plainBytes, 0);
  const cache = total <= CACHE_BYTES ? new Map<string, Buffer>() : undefined;
  async function* contents(): AsyncGenerator<Buffer> {
    for (const segment of segments) {
      const plain = cache?.get(segment.key) ?? (await backup.readSegment(segment));
      cache?.set(segment.key, plain);
      yield plain;
    }
  }
  return { operations: () => committedOperations(contents()) };
}

/** The catalog at the end of the backup's window. */
export async function catalogAtEnd(backup: OpenBackup, oplog: OplogReader): Promise<FoldedCatalog> {
  const fold = new CatalogFold(backup.manifest.body);
  for await (const operation of oplog.operations()) fold.push(operation);
  return fold.finish();
}

/** The writes to one collection, in order. */
export async function* writesTo(oplog: OplogReader, uuid: string): AsyncGenerator<OplogEntry> {
  for await (const operation of oplog.operations()) {
    if (operation.uuid === uuid && operation.operation !== 'c') yield operation;
  }
}

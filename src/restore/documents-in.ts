import { DrError, documentsOf, type RawDocument } from '#core';
import { type BackupChain, blocksOf, type DocumentsSegment, type OpenBackup } from '#vault';
import { keyOfDocument } from './fold-changes.ts';

/**
 * A collection's documents as its backup has them, in the order in which they were read: of an incremental, what changed
 * and then, from each backup it stands on, what was not changed since. None for a collection that the backup does not
 * have. The `_id`s of what changed in the chain are held in memory. Throws as `readSegment` does, and BACKUP_DAMAGED
 * (permanent) when a backup of the chain lacks the collection.
 */
export async function* documentsIn(chain: BackupChain, uuid: string): AsyncGenerator<RawDocument> {
  const [newest] = chain;
  if (!recordIn(newest, uuid)) return;
  /** Whatever an older backup has of these is out of date. */
  const settled = new Set<string>();
  for (const backup of chain) {
    const record = recordIn(backup, uuid);
    if (!record) throw lacking(backup, uuid);
    const { number, gone } = record;
    for await (const document of documentsUnder(backup, number)) {
      if (!gone && settled.size === 0) {
        yield document;
        continue;
      }
      const key = keyOfDocument(document);
      if (settled.has(key)) continue;
      // of what was read whole one `_id` may come twice, removed and made again meanwhile: the replay settles that
      if (gone) settled.add(key);
      yield document;
    }
    if (!gone) return;
    for await (const document of documentsUnder(backup, gone.number)) settled.add(keyOfDocument(document));
  }
  throw lacking(newest, uuid);
}

/** About how much of a collection there is: as much as the whole reading had that it stands on. */
export function sizeIn(chain: BackupChain, uuid: string): { readonly documents: number; readonly bytes: number } {
  for (const backup of chain) {
    const record = recordIn(backup, uuid);
    if (record && !record.gone) return record;
  }
  return { documents: 0, bytes: 0 };
}

const recordIn = ({ manifest }: OpenBackup, uuid: string) =>
  manifest.body.collections.find((collection) => collection.uuid === uuid);

async function* documentsUnder(backup: OpenBackup, number: number): AsyncGenerator<RawDocument> {
  const segments = backup.manifest.body.segments.filter(
    (segment): segment is DocumentsSegment =>
      segment.kind === 'documents' && segment.contents.some(({ collection }) => collection === number),
  );
  for (const segment of segments) {
    for (const block of blocksOf(await backup.readSegment(segment))) {
      if (block.collection === number) yield* documentsOf(block.documents);
    }
  }
}

const lacking = ({ manifest }: OpenBackup, uuid: string): DrError =>
  new DrError('BACKUP_DAMAGED', 'permanent', `${manifest.header.backup} lacks a collection that others stand on.`, {
    data: { uuid },
    hint: 'Choose another backup: /dr backups',
  });

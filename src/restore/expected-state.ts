import { hash } from 'node:crypto';
import { type RawDocument, valueKey } from '#core';
import { CollectionHash } from '#vault';
import { documentsIn } from './documents-in.ts';
import { idOf, keyOfDocument } from './fold-changes.ts';
import { updated } from './fold-views.ts';
import type { PlannedCollection } from './restore-plan.ts';
import type { OpenPoint } from './restore-point.ts';

export interface ExpectedState {
  readonly documents: number;
  readonly hash: string;
  /** `manifest`: read whole, and nobody wrote meanwhile. `replay`: computed from the backup, without the server. */
  readonly from: 'manifest' | 'replay';
}

/** Documents that are written to in the window and held in memory at once. */
const PART_WRITES = 50_000;

/**
 * What a restored collection must be. Where it was read whole and nobody wrote, the manifest says it. Elsewhere it is
 * computed a second way: the documents of the backup, with the writes of the window applied here by our own reading
 * of the diffs and not by the server. So a fault in either way shows as a difference. In parts by `_id`, so that
 * memory stays bounded.
 */
export async function expectedState(
  { chain, writesTo }: OpenPoint,
  planned: PlannedCollection,
): Promise<ExpectedState> {
  const { record, writes, uuid } = planned.entry;
  if (record && !record.gone && writes === 0)
    return { documents: record.documents, hash: record.hash, from: 'manifest' };
  const parts = Math.ceil(Math.max(1, writes) / PART_WRITES);
  const sum = new CollectionHash();
  let documents = 0;
  for (let part = 0; part < parts; part += 1) {
    const mine = (key: string): boolean => parts === 1 || partOf(key, parts) === part;
    const touched = new Map<string, RawDocument | undefined>();
    for await (const write of writesTo(uuid)) {
      const key = valueKey(idOf(write));
      if (mine(key)) touched.set(key, undefined);
    }
    for await (const document of documentsIn(chain, uuid)) {
      const key = keyOfDocument(document);
      if (!mine(key)) continue;
      if (touched.has(key)) touched.set(key, Buffer.from(document));
      else {
        sum.add(document);
        documents += 1;
      }
    }
    for await (const write of writesTo(uuid)) {
      const key = valueKey(idOf(write));
      if (!mine(key)) continue;
      const before = touched.get(key);
      // a copy: the write is part of a piece that would stay in memory with it
      if (write.operation === 'i') touched.set(key, Buffer.from(write.body));
      else if (write.operation === 'd') touched.set(key, undefined);
      else if (before) touched.set(key, updated(write, before));
    }
    for (const document of touched.values()) {
      if (!document) continue;
      sum.add(document);
      documents += 1;
    }
  }
  return { documents, hash: sum.digest(), from: 'replay' };
}

const partOf = (key: string, parts: number): number => Number.parseInt(hash('md5', key, 'hex').slice(0, 8), 16) % parts;

import { z } from 'zod';
import {
  documentsOf,
  elementOf,
  type RawDocument,
  type RequestId,
  rawDocument,
  rawString,
  requiredElement,
  stringOf,
} from '#core';
import { keptFolder, listKept, readKept, type Vault, writeKept } from '#vault';
import { type LossWorld, lossLock } from './loss-world.ts';
import type { Divergent, DivergentDocuments } from './read-divergent.ts';

const PART_BYTES = 4 * 1024 * 1024;
const ENTRIES = 'entries';
const DOCUMENTS = 'documents';

/** What a folder of documents says of itself. */
const KeptOf = z.object({ host: z.string(), newest: z.object({ seconds: z.number(), increment: z.number() }) });

/**
 * Keeps a member's divergent entries and the documents they are about, sealed, before anything is done with the member.
 * Idempotent for a run and a host. Throws BACKUP_INCOMPLETE and transient errors.
 */
export async function keepDivergent(
  world: Pick<LossWorld, 'lock'>,
  vault: Vault,
  run: RequestId,
  divergent: Divergent,
  signal: AbortSignal,
): Promise<void> {
  const { host, newest, entries, documents } = divergent;
  const lock = lossLock({ vault, lock: world.lock });
  const folder = (name: string): string => keptFolder('divergent', run, host, name);
  await writeKept(vault, {
    ...{ folder: folder(ENTRIES), lock, signal },
    write: async (part) => {
      for (const piece of pieces(entries)) await part(piece);
      return { host, newest, entries: entries.length };
    },
  });
  await writeKept(vault, {
    ...{ folder: folder(DOCUMENTS), lock, signal },
    write: async (part) => {
      for (const each of documents) for (const piece of pieces(each.documents)) await part(withName(each, piece));
      return { host, newest, documents: documents.reduce((sum, each) => sum + each.documents.length, 0) };
    },
  });
}

/** Keeps a file that a rollback left behind, as it is. Idempotent for its name. */
export async function keepRollbackFile(
  world: Pick<LossWorld, 'lock'>,
  vault: Vault,
  run: RequestId,
  file: { readonly host: string; readonly name: string; readonly content: AsyncIterable<Uint8Array> },
  signal: AbortSignal,
): Promise<void> {
  await writeKept(vault, {
    folder: keptFolder('divergent', run, file.host, 'rollback', file.name),
    lock: lossLock({ vault, lock: world.lock }),
    signal,
    write: async (part) => {
      let bytes = 0;
      for await (const piece of file.content) {
        bytes += piece.length;
        await part(piece);
      }
      return { host: file.host, name: file.name, bytes };
    },
  });
}

/** The documents that were kept of returned members; of a member that went further the later, so that it counts. */
export async function* keptDocuments(vault: Vault, run: RequestId): AsyncGenerator<DivergentDocuments> {
  const folders = (await listKept(vault, keptFolder('divergent', run))).filter((each) =>
    each.endsWith(`/${DOCUMENTS}/`),
  );
  const opened = await Promise.all(folders.map((folder) => readKept(vault, folder)));
  const kept = opened.flatMap((each) => (each ? [{ each, of: KeptOf.parse(each.content) }] : []));
  try {
    kept.sort((a, b) => a.of.newest.seconds - b.of.newest.seconds || a.of.newest.increment - b.of.newest.increment);
    for (const { each } of kept) for await (const part of each.parts()) yield withoutName(part);
  } finally {
    for (const { each } of kept) each.close();
  }
}

function* pieces(documents: readonly RawDocument[]): Generator<Buffer> {
  let held: RawDocument[] = [];
  let bytes = 0;
  for (const document of documents) {
    held.push(document);
    bytes += document.length;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (held.length > 0) yield Buffer.concat(held);
}

/** Before the documents stands one that says whose they are. */
const withName = ({ namespace, uuid }: DivergentDocuments, documents: Buffer): Buffer =>
  Buffer.concat([
    rawDocument([
      ['namespace', rawString(namespace)],
      ['uuid', rawString(uuid)],
    ]),
    documents,
  ]);

function withoutName(part: Buffer): DivergentDocuments {
  const [name, ...documents] = documentsOf(part);
  const uuid = name && elementOf(name, 'uuid');
  return {
    namespace: name ? stringOf(requiredElement(name, 'namespace')) : '',
    uuid: uuid ? stringOf(uuid) : '',
    documents: documents.map((document) => Buffer.from(document)),
  };
}

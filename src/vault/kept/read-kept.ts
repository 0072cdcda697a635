import { zstdDecompressSync } from 'node:zlib';
import { asDrError, sha256 } from '#core';
import { askEveryRegion } from '../ask-every-region.ts';
import { firstGood } from '../first-good.ts';
import { MAX_PLAIN_BYTES } from '../format.ts';
import { decrypt } from '../seal.ts';
import type { Vault } from '../vault.ts';
import { commitKey, damaged, openCommit, partContext } from './kept-format.ts';

/** What a folder says of itself, and its parts in order. */
export interface Kept {
  /** Authentic; its shape is the reader's to check. */
  readonly content: unknown;
  parts(): AsyncGenerator<Buffer>;
  /** Forgets the key; its parts can't be read afterwards. */
  close(): void;
}

/** Whether a region that answers has that folder's commit. Throws when none answers. */
export async function hasKept(vault: Vault, folder: string): Promise<boolean> {
  const { answers } = await askEveryRegion(vault, (store) => store.head(commitKey(folder)));
  return answers.some(({ answer }) => answer !== undefined);
}

/**
 * Opens a folder from whichever region has a good copy; undefined when none that answers has one. Throws BACKUP_DAMAGED
 * (permanent), KEY_REFUSED, transient errors.
 */
export async function readKept(vault: Vault, folder: string): Promise<Kept | undefined> {
  if (!(await hasKept(vault, folder))) return undefined;
  const { header, content, key } = await firstGood(
    vault.stores,
    async (store) => openCommit(vault, folder, await store.get(commitKey(folder))),
    () => undefined,
    nowhere(folder),
  );
  return {
    content,
    async *parts() {
      for (const part of header.parts) {
        yield await firstGood(
          vault.stores,
          async (store) => {
            const object = await store.get(part.key);
            if (sha256(object) !== part.sha256) throw damaged(folder);
            return opened(decrypt(object, key.bytes, partContext(part.key)), folder);
          },
          () => undefined,
          nowhere(folder),
        );
      }
    },
    close: () => key.forget(),
  };
}

/** The names that stand under a prefix with a commit of their own, in whichever region: `listKept('divergent/R-43/')`. */
export async function listKept(vault: Vault, prefix: string): Promise<string[]> {
  const { answers } = await askEveryRegion(vault, async (store) => {
    const found: string[] = [];
    for await (const { key } of store.list(prefix)) {
      if (key.endsWith('/commit')) found.push(key.slice(0, -'commit'.length));
    }
    return found;
  });
  return [...new Set(answers.flatMap(({ answer }) => answer))].sort();
}

function opened(compressed: Buffer, folder: string): Buffer {
  try {
    return zstdDecompressSync(compressed, { maxOutputLength: MAX_PLAIN_BYTES });
  } catch (thrown) {
    throw damaged(`${folder} (${asDrError(thrown).message})`);
  }
}

const nowhere = (folder: string) => ({
  message: `What is kept under ${folder} is damaged in every region.`,
  hint: 'What has not been read of it is lost. The rest of the receipt stands: /dr receipt',
  data: { folder },
});

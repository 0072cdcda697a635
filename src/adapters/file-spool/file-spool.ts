import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DrError } from '#core';
import type { Spool } from '#ports';

const Kept = z.object({ key: z.string(), item: z.string() });

/**
 * One file an item, written beside and renamed, so that a crash never leaves half an item under its name. The file's
 * name is a time and a hash: keys come from outside and must not become paths.
 */
export function fileSpool(directory: string): Spool {
  const nameOf = (key: string): string => `${createHash('sha256').update(key).digest('hex')}.json`;
  return {
    put: async (key, item) => {
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const draft = join(directory, `.${randomUUID()}`);
        const file = await open(draft, 'wx', 0o600);
        try {
          await file.writeFile(JSON.stringify({ key, item }));
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, join(directory, nameOf(key)));
        await syncDirectory(directory);
      } catch (cause) {
        throw new DrError('STORE_UNAVAILABLE', 'transient', 'This machine could not keep what arrived on its disk.', {
          cause,
          hint: `Make room in ${directory}.`,
        });
      }
    },
    list: async () => {
      const names = await readdir(directory).catch(() => []);
      const items: { key: string; item: string; modified: number }[] = [];
      for (const name of names.filter((each) => each.endsWith('.json'))) {
        const path = join(directory, name);
        const file = await open(path).catch(() => undefined);
        if (!file) continue;
        const { mtimeMs } = await file.stat();
        await file.close();
        items.push({ ...Kept.parse(JSON.parse(await readFile(path, 'utf8'))), modified: mtimeMs });
      }
      return items.sort((a, b) => a.modified - b.modified).map(({ key, item }) => ({ key, item }));
    },
    remove: async (key) => {
      await rm(join(directory, nameOf(key)), { force: true });
    },
  };
}

/** The name is durable only when the directory is: without it a power cut may take the file back. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

import { createReadStream, type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';

/** `<uuid of the collection>/removed.<time>.bson`, and nothing that leads elsewhere. */
const NAME = /^[0-9a-f-]{36}\/[A-Za-z0-9][A-Za-z0-9._-]{0,200}[.]bson$/;

export const rollbackFilesIn = (dataPath: string): { name: string; bytes: number }[] => {
  const folder = join(dataPath, 'rollback');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry: Dirent) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(folder, path), bytes: statSync(path).size }))
    .filter(({ name }) => NAME.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** Undefined for a name that is no rollback file's. */
export function readRollbackFile(dataPath: string, name: string): { bytes: number; stream: Readable } | undefined {
  const found = NAME.test(name) ? rollbackFilesIn(dataPath).find((file) => file.name === name) : undefined;
  return found && { bytes: found.bytes, stream: createReadStream(join(dataPath, 'rollback', name)) };
}

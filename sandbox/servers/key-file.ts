import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type KeyFile = { readonly path: string; readonly text: string };

/** The key that members of a replica set know each other by: made once, kept with the data, readable by us alone. */
export function keyFileIn(dir: string): KeyFile {
  const path = join(dir, 'key');
  if (!existsSync(path)) writeFileSync(path, randomBytes(96).toString('base64'), { mode: 0o400 });
  return { path, text: readFileSync(path, 'utf8') };
}

/** Members log in to each other as `__system` with the key as password; so may we, and need no first user for it. */
export const systemUri = (host: string, key: KeyFile): string =>
  `mongodb://__system:${encodeURIComponent(key.text)}@${host}/?authSource=local&directConnection=true`;

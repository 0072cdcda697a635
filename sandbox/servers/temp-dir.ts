import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAfterUs } from './reaper.ts';

export type DataDir = { readonly path: string; remove(): void };

/** A given folder (made when missing, kept) or a temporary one (removed by `remove`, or when this process is gone). */
export function dataDir(given: string | undefined, purpose: string): DataDir {
  if (given !== undefined) {
    mkdirSync(given, { recursive: true });
    return { path: given, remove: () => undefined };
  }
  const path = mkdtempSync(join(tmpdir(), `holdfast-${purpose}-`));
  removeAfterUs(path);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

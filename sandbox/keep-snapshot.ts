import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

/** What has a state worth keeping, and says when it changed. */
export interface Keepable {
  snapshot(): unknown;
  subscribe(watcher: () => void): () => void;
}

/**
 * What an earlier run left in `folder` under this name. The file is our own: only its form is checked, so that a half-written
 * one is noticed at once. @throws ZodError for a file that is not ours.
 */
export function readSnapshot<T>(folder: string | undefined, file: string, form: z.ZodType): T | undefined {
  if (folder === undefined || !existsSync(join(folder, file))) return undefined;
  const text = readFileSync(join(folder, file), 'utf8');
  form.parse(JSON.parse(text));
  return JSON.parse(text) as T;
}

/** Writes it after changes, at most twice a second, and once more when stopped. */
export function keepSnapshot(of: Keepable, folder: string | undefined, file: string): () => void {
  if (folder === undefined) return () => {};
  mkdirSync(folder, { recursive: true });
  const write = (): void => {
    // By way of a second file: a crash while writing leaves the old one whole.
    writeFileSync(join(folder, `${file}.new`), JSON.stringify(of.snapshot()));
    renameSync(join(folder, `${file}.new`), join(folder, file));
  };
  let timer: NodeJS.Timeout | undefined;
  const unsubscribe = of.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      write();
    }, 500);
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
    write();
  };
}

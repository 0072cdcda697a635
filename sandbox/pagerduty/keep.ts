import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Account } from './account.ts';
import type { Snapshot } from './shapes.ts';

const FILE = 'pagerduty.json';
/** The file is our own: only its form is checked, so that a half-written one is noticed at once. */
const Kept = z.looseObject({
  incidents: z.array(z.looseObject({ id: z.string(), key: z.string() })),
  notifications: z.array(z.looseObject({ user: z.string() })),
});

/** What an earlier run left in `folder`. @throws ZodError for a file that is not ours. */
export function readKept(folder: string | undefined): Snapshot | undefined {
  if (folder === undefined || !existsSync(join(folder, FILE))) return undefined;
  const text = readFileSync(join(folder, FILE), 'utf8');
  Kept.parse(JSON.parse(text));
  return JSON.parse(text) as Snapshot;
}

/** Writes the account after changes, at most twice a second, and once more when stopped. */
export function keep(account: Account, folder: string | undefined): () => void {
  if (folder === undefined) return () => {};
  mkdirSync(folder, { recursive: true });
  const write = (): void => {
    // By way of a second file: a crash while writing leaves the old one whole.
    writeFileSync(join(folder, `${FILE}.new`), JSON.stringify(account.snapshot()));
    renameSync(join(folder, `${FILE}.new`), join(folder, FILE));
  };
  let timer: NodeJS.Timeout | undefined;
  const unsubscribe = account.subscribe(() => {
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

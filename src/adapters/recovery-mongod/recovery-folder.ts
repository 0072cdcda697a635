import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RequestId } from '#core';

/** What is written down before a server is started, so that whoever comes after a crash finds it. */
const Notes = z.object({
  run: RequestId,
  machine: z.string(),
  port: z.number().int(),
  password: z.string(),
  startedAt: z.coerce.date(),
});
export type Notes = z.output<typeof Notes>;

const NOTES = 'server.json';

/** A server's own folder: data, log, key file, notes and address. Only its owner may look into it. */
export const recoveryFolder = (folder: string, run: RequestId) => {
  const path = join(folder, run);
  return {
    path,
    data: join(path, 'db'),
    log: join(path, 'mongod.log'),
    keyFile: join(path, 'key'),
    addressFile: join(path, 'address'),
    read: async (): Promise<Notes | undefined> => {
      const text = await readFile(join(path, NOTES), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : Notes.parse(JSON.parse(text));
    },
    /** Whole or not at all: half of it would be a server that nobody can log in to. */
    write: async (notes: Notes, keyText: string): Promise<void> => {
      await mkdir(join(path, 'db'), { recursive: true });
      await chmod(path, 0o700);
      await writeFile(join(path, 'key'), keyText, { mode: 0o600 });
      await writeFile(join(path, `${NOTES}.new`), JSON.stringify(notes), { mode: 0o600 });
      await rename(join(path, `${NOTES}.new`), join(path, NOTES));
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
};
export type RecoveryFolder = ReturnType<typeof recoveryFolder>;

/** Runs that have a folder. */
export async function runsIn(folder: string): Promise<RequestId[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => RequestId.safeParse(name).data ?? []);
}

export const thisMachine = (): string => hostname();

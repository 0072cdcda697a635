import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '#config';
import { DrError } from '#core';

type Where = Pick<Config, 'token' | 'tokenPath'>;

export const tokenPathOf = ({ tokenPath }: Where): string => tokenPath ?? join(homedir(), '.holdfast', 'token');

/**
 * The personal token: HOLDFAST_TOKEN, else the file. Undefined when there is none. Throws NOT_ALLOWED (user) for a file
 * that others can read: what they could have read may be used by them.
 */
export async function readToken(config: Where): Promise<string | undefined> {
  if (config.token) return config.token.reveal();
  const path = tokenPathOf(config);
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  if ((found.mode & 0o077) !== 0 && process.platform !== 'win32') {
    throw new DrError('NOT_ALLOWED', 'user', `Others can read ${path}, so it does not count. Nothing was changed.`, {
      hint: 'Get a new token: dr login --revoke, then dr login',
    });
  }
  return (await readFile(path, 'utf8')).trim();
}

/** Writes the token where only this user reads it (mode 0600), replacing an older one. */
export async function keepToken(config: Where, token: string): Promise<string> {
  const path = tokenPathOf(config);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  // The mode above counts for new files only.
  await chmod(path, 0o600);
  return path;
}

/** Idempotent. */
export const forgetToken = async (config: Where): Promise<void> => rm(tokenPathOf(config), { force: true });

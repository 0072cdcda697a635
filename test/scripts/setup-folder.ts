import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = dirname(dirname(import.meta.dirname));

/** An empty clone with set-up in it and no npm packages wanted; `programs` are shell scripts that stand on PATH first. */
export async function setupFolder(programs: Record<string, string> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-setup-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  const about = { name: 'empty', version: '1.0.0' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(about));
  const lock = { ...about, lockfileVersion: 3, requires: true, packages: { '': about } };
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  await mkdir(join(folder, 'bin'));
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, 'bin', name), 0o755);
  }
  return folder;
}

export type SetupEnd = { readonly code: number | null; readonly out: string; readonly err: string };

/** Starts set-up of `folder`; `pathDirs` is the whole PATH behind the folder's own programs. */
export function startSetup(
  folder: string,
  { args = [], env = {}, pathDirs = process.env['PATH'] ?? '' }: SetupOptions = {},
) {
  const child = spawn(process.execPath, [join(folder, 'scripts/setup.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, npm_lifecycle_event: '', ...env, PATH: `${join(folder, 'bin')}:${pathDirs}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = { code: null, out: '', err: '' } as { code: number | null; out: string; err: string };
  child.stdout.on('data', (data) => {
    end.out += String(data);
  });
  child.stderr.on('data', (data) => {
    end.err += String(data);
  });
  const ended = new Promise<SetupEnd>((resolve) => child.once('close', (code) => resolve({ ...end, code })));
  return { child, ended };
}

type SetupOptions = { args?: readonly string[]; env?: Record<string, string>; pathDirs?: string };

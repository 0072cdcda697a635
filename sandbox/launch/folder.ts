import { existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Refusal } from './refusal.ts';

/** What seven days of trying things out take; measured, most of it is the journals of six mongods. */
const DATA_MB = 1900;

/** Where everything of the sandbox is kept: HOLDFAST_SANDBOX_DIR, or `.sandbox` beside the code. */
export const sandboxFolder = (root: string, env: NodeJS.ProcessEnv): string =>
  resolve(env['HOLDFAST_SANDBOX_DIR'] || join(root, '.sandbox'));

/** Makes the folder. @throws Refusal when its disk cannot hold the data of a first start */
export function makeFolder(folder: string, freeMbOf: (folder: string) => number = freeMb): void {
  const first = !existsSync(join(folder, 'company'));
  mkdirSync(folder, { recursive: true });
  const free = freeMbOf(folder);
  if (!first || free >= DATA_MB) return;
  const inGb = (mb: number) => `${(mb / 1000).toFixed(1)} GB`;
  throw new Refusal(
    `Needs ${inGb(DATA_MB)} in this folder, ${inGb(free)} free. Put it elsewhere: HOLDFAST_SANDBOX_DIR=...`,
  );
}

/** `--fresh`: the data of earlier starts is removed, and nothing else that may be in the folder. */
export function startOver(folder: string): void {
  for (const kept of ['company', 'tour.json', 'state.json']) {
    rmSync(join(folder, kept), { recursive: true, force: true, maxRetries: 3 });
  }
}

function freeMb(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1e6;
}

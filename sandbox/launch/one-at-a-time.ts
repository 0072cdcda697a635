import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processName } from './process-name.ts';
import { Refusal } from './refusal.ts';

/**
 * Takes the folder for this process until it ends. Idempotent release.
 * @throws Refusal when another sandbox runs in it: two would write into the same databases
 */
export function takeFolder(folder: string, pageOf: (folder: string) => string | undefined): () => void {
  const path = join(folder, 'running.pid');
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => {
        if (ownerOf(path) === process.pid) rmSync(path, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(path);
    if (owner !== undefined && isSandbox(owner)) {
      const page = pageOf(folder);
      throw new Refusal(
        `The sandbox of this folder already runs, process ${owner}${page === undefined ? '' : `: ${page}`}. Stop it there with Ctrl-C, or start another beside it: HOLDFAST_SANDBOX_DIR=/tmp/holdfast-2 PORT=4010 npm start`,
      );
    }
    // Left by one that was killed. Renamed first: of two that see it, only one takes it away.
    try {
      renameSync(path, `${path}.${process.pid}`);
      rmSync(`${path}.${process.pid}`, { force: true });
    } catch {
      // somebody else was faster
    }
  }
  throw new Refusal(`${path} cannot be taken. Is the folder writable?`);
}

function ownerOf(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** A number may have gone to another program since; only Node can be a sandbox. */
function isSandbox(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const name = processName(pid);
  return name === undefined || /node|MainThread/i.test(name);
}

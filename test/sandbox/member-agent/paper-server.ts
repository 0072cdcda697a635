import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ManagedServer, ServerEnd } from '#sandbox/member-agent';

/** A server without a process: what an agent does with one is seen without the seconds that a mongod takes. */
export function paperServer(host: string, folder: string) {
  const dataPath = join(folder, host.replace(':', '-'));
  mkdirSync(dataPath, { recursive: true });
  let up = true;
  let alone = false;
  let ends: ((end: ServerEnd) => void)[] = [];
  const end = (signal: NodeJS.Signals): void => {
    up = false;
    for (const tell of ends.splice(0)) tell({ signal });
  };
  const server: ManagedServer = {
    host,
    region: 'us-east-1',
    dataPath,
    running: () => up,
    start: async () => {
      up = true;
    },
    startAlone: async () => {
      alone = true;
      return '127.0.0.1:27117';
    },
    stopAlone: async () => {
      alone = false;
    },
    stop: async () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    ended: () =>
      new Promise((resolve) => {
        ends = [...ends, resolve];
      }),
  };
  return {
    server,
    isAlone: () => alone,
    abort: () => end('SIGABRT'),
    leave: (name: string, bytes: Uint8Array) => {
      const path = join(dataPath, 'rollback', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    },
  };
}

export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-agent-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

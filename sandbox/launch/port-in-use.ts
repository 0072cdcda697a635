import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isFree } from '#sandbox/servers';
import { processName } from './process-name.ts';
import { Refusal } from './refusal.ts';

/** The page's port. @throws Refusal for a PORT that is no port */
export function pagePort(env: NodeJS.ProcessEnv): number {
  const given = env['PORT'] || '4000';
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Refusal(`PORT=${given} is not a port. Use one: PORT=4010 npm start`);
}

/** @throws Refusal naming who has the port, and one that is free */
export async function needPort(port: number): Promise<void> {
  if (await isFree(port)) return;
  const pid = listenerOn(port);
  const name = pid === undefined ? undefined : processName(pid);
  const by = pid === undefined ? '' : ` by process ${pid}${name === undefined ? '' : ` (${name})`}`;
  throw new Refusal(`Port ${port} is in use${by}. Use another: PORT=${await freeAfter(port)} npm start`);
}

async function freeAfter(port: number): Promise<number> {
  for (let next = port + 10; next < Math.min(port + 200, 65_536); next += 10) if (await isFree(next)) return next;
  return port + 10;
}

/** Which process listens there; undefined when it is somebody else's, or the system does not tell. */
export function listenerOn(port: number): number | undefined {
  return listenerInProc(port) ?? listenerByLsof(port);
}

function listenerInProc(port: number): number | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => socketsOf(pid).some((socket) => inodes.has(socket)));
  return found === undefined ? undefined : Number(found);
}

const LISTENING = '0A';

function listeningInodes(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    return readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .flatMap((columns) =>
        columns[1]?.endsWith(wanted) && columns[3] === LISTENING && columns[9] ? [`socket:[${columns[9]}]`] : [],
      );
  } catch {
    return [];
  }
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return []; // closed meanwhile
      }
    });
  } catch {
    return []; // another user's, or ended meanwhile
  }
}

function listenerByLsof(port: number): number | undefined {
  try {
    const found = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
      encoding: 'utf8',
      timeout: 3000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(found.trim().split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DrError } from '#core';
import { addressOf, withClient } from './launch-mongod.ts';
import type { Notes, RecoveryFolder } from './recovery-folder.ts';

const run = promisify(execFile);
const GONE_WITHIN_MS = 20_000;
/** What does not end in this time is frozen. */
const KILLED_AFTER_MS = 5_000;

/** Asks a recovery mongod to end, and kills it when it does not. Throws DATABASE_UNAVAILABLE (transient) when it stays. */
export async function endMongod(folder: RecoveryFolder, notes: Notes): Promise<void> {
  const beganMs = performance.now();
  let asked = false;
  for (;;) {
    const owner = await processOf(folder);
    if (owner === 'gone' || (owner === 'unknown' && !(await listens(notes.port)))) return;
    const waitedMs = performance.now() - beganMs;
    if (waitedMs > GONE_WITHIN_MS) break;
    if (owner !== 'unknown' && waitedMs > KILLED_AFTER_MS) kill(owner);
    if (!asked) await askToEnd(notes);
    asked = true;
    await sleep(200);
  }
  throw new DrError('DATABASE_UNAVAILABLE', 'transient', 'The recovery mongod does not end.', {
    hint: `Its log: ${folder.log}`,
  });
}

/** The connection breaks with it: no answer is the answer. */
const askToEnd = (notes: Notes): Promise<unknown> =>
  withClient(addressOf(notes), (client) =>
    client.db('admin').command({ shutdown: 1, force: true, timeoutSecs: 1 }),
  ).catch(() => undefined);

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended, and is seen as gone at the next look
  }
}

/** By mongod's own lock file; `gone` also when the number in it is somebody else's by now. */
async function processOf({ data }: RecoveryFolder): Promise<number | 'gone' | 'unknown'> {
  const text = await readFile(join(data, 'mongod.lock'), 'utf8').catch(() => '');
  const pid = Number(text.trim());
  if (!Number.isInteger(pid) || pid <= 1) return 'gone';
  try {
    process.kill(pid, 0);
  } catch {
    return 'gone';
  }
  const said = await argumentsOf(pid);
  if (said === undefined) return 'unknown';
  return said.includes(data) ? pid : 'gone';
}

/** Undefined on a machine that has neither /proc nor ps. */
const argumentsOf = (pid: number): Promise<string | undefined> =>
  readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() =>
    run('ps', ['-ww', '-p', String(pid), '-o', 'args=']).then(
      ({ stdout }) => stdout,
      () => undefined,
    ),
  );

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient, MongoServerError } from 'mongodb';
import { DrError } from '#core';
import type { Notes, RecoveryFolder } from './recovery-folder.ts';

export const SET = 'recovery';
export const USER = 'holdfast';

const CONNECTION = { appName: 'holdfast-recovery', connectTimeoutMS: 1_000, serverSelectionTimeoutMS: 1_000 } as const;
const UP_WITHIN_MS = 40_000;
const ALREADY_INITIALIZED = 23;
/** Once there is a user, whoever has not logged in may do nothing: then it is there. */
const THERE_ALREADY = new Set([13, 51003]);

export const addressOf = ({ port, password }: Notes): string =>
  `mongodb://${USER}:${password}@127.0.0.1:${port}/?directConnection=true&authSource=admin`;

/**
 * Starts a mongod that outlives this process: a restore goes on with it after a crash, and people look into it when the
 * worker is long gone. Two on the same data can't be, mongod's own lock sees to that.
 */
export function launchMongod(program: string, folder: RecoveryFolder, { port }: Notes): void {
  const child = spawn(
    program,
    [
      ...['--dbpath', folder.data, '--logpath', folder.log, '--logappend'],
      ...['--bind_ip', '127.0.0.1', '--port', String(port), '--nounixsocket'],
      ...['--replSet', SET, '--keyFile', folder.keyFile],
    ],
    { detached: true, stdio: 'ignore' },
  );
  // told by its not coming up
  child.on('error', () => undefined);
  child.unref();
}

/** Makes a set of one and its user, as far as they are not there, and waits until it takes writes. */
export async function makeReady(notes: Notes, log: string, signal: AbortSignal): Promise<void> {
  const endsMs = performance.now() + UP_WITHIN_MS;
  let last: unknown;
  while (performance.now() < endsMs) {
    signal.throwIfAborted();
    try {
      await initiate(notes);
      if (await answers(notes)) return;
      await makeUser(notes);
    } catch (error) {
      last = error;
    }
    await sleep(200, undefined, { signal });
  }
  throw new DrError('DATABASE_UNAVAILABLE', 'transient', 'The recovery mongod did not come up.', {
    cause: last,
    hint: `Its log: ${log}`,
  });
}

/** Whether it is there, takes our password and is its set's primary. */
export async function answers(notes: Notes): Promise<boolean> {
  return withClient(addressOf(notes), async (client) => {
    const { isWritablePrimary } = await client.db('admin').command({ hello: 1 });
    await client.db('admin').command({ listDatabases: 1, nameOnly: true });
    return isWritablePrimary === true;
  }).catch(() => false);
}

const bare = ({ port }: Notes): string => `mongodb://127.0.0.1:${port}/?directConnection=true`;

async function initiate(notes: Notes): Promise<void> {
  const config = { _id: SET, members: [{ _id: 0, host: `127.0.0.1:${notes.port}` }] };
  await withClient(bare(notes), (client) => client.db('admin').command({ replSetInitiate: config })).catch(
    passed(new Set([ALREADY_INITIALIZED, ...THERE_ALREADY])),
  );
}

async function makeUser(notes: Notes): Promise<void> {
  const order = { createUser: USER, pwd: notes.password, roles: ['root'] };
  await withClient(bare(notes), (client) => client.db('admin').command(order)).catch(passed(THERE_ALREADY));
}

const passed =
  (codes: ReadonlySet<number>) =>
  (thrown: unknown): void => {
    if (!(thrown instanceof MongoServerError && codes.has(Number(thrown.code)))) throw thrown;
  };

export async function withClient<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, CONNECTION);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** A port of loopback that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const at = server.address();
      server.close(() => (at && typeof at === 'object' ? resolve(at.port) : reject(new Error('no port'))));
    });
  });
}

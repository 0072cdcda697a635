import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, type Exit, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { type Place, runIn } from './place.ts';
import { runtimePaths } from './runtime-paths.ts';
import { dataDir } from './temp-dir.ts';
import { until } from './until.ts';

export type MongodOptions = {
  /** Kept when given; a temporary folder, removed on `stop`, otherwise. */
  readonly dbPath?: string;
  readonly port?: number;
  readonly replSet?: string;
  /** Path of the key file; switches authentication on. */
  readonly keyFile?: string;
  /** MB; mongod's smallest is 990 unless a replica set's config says less. */
  readonly oplogSizeMb?: number;
  /** Least and default 0.25. A write of 16 MB may not fit into so little while others write: mongod then refuses it. */
  readonly cacheGb?: number;
  readonly setParameters?: Readonly<Record<string, string | number | boolean>>;
  /** Where it runs; here when left out. Its port must be exposed by then. */
  readonly place?: Place;
};

export type Mongod = {
  readonly port: number;
  /** `127.0.0.1:port`, as it stands in a replica set's config. */
  readonly host: string;
  /** A direct connection without a user. */
  readonly uri: string;
  readonly dbPath: string;
  readonly logFile: string;
  pid(): number;
  running(): boolean;
  /** SIGKILL is power loss, SIGSTOP and SIGCONT freeze and thaw, SIGTERM a clean end without waiting for it. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process that runs now has ended, with what ended it. */
  ended(): Promise<Exit>;
  /** Starts it again on the same port and data. Does nothing while it runs. */
  restart(): Promise<void>;
  /** Clean end; removes the data if it was temporary. Idempotent. */
  stop(): Promise<void>;
};

const TRIES = 4;

/** Starts one mongod on 127.0.0.1 and waits until it answers. */
export async function startMongod(options: MongodOptions = {}): Promise<Mongod> {
  const dir = dataDir(options.dbPath, 'mongod');
  const logFile = join(dir.path, 'mongod.log');
  const dbPath = join(dir.path, 'db');
  mkdirSync(dbPath, { recursive: true });
  let port = options.port ?? (await freePort());
  let child: Child | undefined;
  for (let attempt = 1; child === undefined; attempt += 1) {
    try {
      child = await launch(port, dbPath, logFile, options);
    } catch (error) {
      // between finding a port free and binding it somebody else may have taken it
      if (options.port !== undefined || attempt === TRIES) {
        dir.remove();
        throw error;
      }
      port = await freePort();
    }
  }
  let current = child;
  const host = `127.0.0.1:${port}`;
  return {
    port,
    host,
    uri: `mongodb://${host}/?directConnection=true`,
    dbPath,
    logFile,
    pid: () => current.pid,
    running: () => current.running(),
    kill: (signal) => current.kill(signal),
    ended: () => current.exited,
    async restart() {
      if (!current.running()) current = await launch(port, dbPath, logFile, options);
    },
    async stop() {
      await current.stop(15_000);
      dir.remove();
    },
  };
}

async function launch(port: number, dbPath: string, logFile: string, options: MongodOptions): Promise<Child> {
  const parameters = {
    // without it SIGTERM waits 15 s for clients to move away
    shutdownTimeoutMillisForSignaledShutdown: 100,
    diagnosticDataCollectionEnabled: false,
    ...options.setParameters,
  };
  // its log is asked, not the port: on a port taken by somebody else we would greet a stranger
  const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
  const child = await startChild({
    ...runIn(options.place, runtimePaths().mongod, [
      ...['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
      ...['--wiredTigerCacheSizeGB', String(options.cacheGb ?? 0.25)],
      ...(options.replSet === undefined ? [] : ['--replSet', options.replSet]),
      ...(options.keyFile === undefined ? [] : ['--keyFile', options.keyFile]),
      ...(options.oplogSizeMb === undefined ? [] : ['--oplogSize', String(options.oplogSizeMb)]),
      ...Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
    ]),
    logFile,
  });
  try {
    await until(`mongod answers on port ${port} (${logFile})`, async () => {
      return !child.running() || readFileSync(logFile).subarray(logStart).includes('"Waiting for connections"');
    });
  } catch (error) {
    await child.stop(0);
    throw error;
  }
  if (!child.running()) throw new Error(`mongod ended at once; its log: ${logFile}`);
  return child;
}

import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type Child, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { type Place, runIn } from './place.ts';
import { runtimePaths } from './runtime-paths.ts';
import { dataDir } from './temp-dir.ts';
import { until } from './until.ts';

export type RedisOptions = {
  readonly port?: number;
  /** Kept when given, and what was in it at the last clean stop is loaded again. */
  readonly dir?: string;
  /** Where it runs; here when left out. */
  readonly place?: Place;
};

export type RedisServer = {
  readonly port: number;
  readonly url: string;
  pid(): number;
  running(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Starts it again on the same port, empty unless `dir` was given. Does nothing while it runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts one redis-server on 127.0.0.1 and waits until it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const dir = dataDir(options.dir, 'redis');
  const port = options.port ?? (await freePort());
  await options.place?.expose(port);
  const start = (): Promise<Child> => launch(port, dir.path, options.dir !== undefined, options.place);
  let current: Child;
  try {
    current = await start();
  } catch (error) {
    dir.remove();
    throw error;
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid: () => current.pid,
    running: () => current.running(),
    kill: (signal) => current.kill(signal),
    async restart() {
      if (!current.running()) current = await start();
    },
    async stop() {
      await current.stop();
      dir.remove();
    },
  };
}

async function launch(port: number, dir: string, keep: boolean, place: Place | undefined): Promise<Child> {
  const child = await startChild({
    ...runIn(place, runtimePaths().redisServer, [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--appendonly', 'no'],
      // "3600 1" also makes a clean stop save; BullMQ asks for noeviction
      ...['--save', keep ? '3600 1' : '', '--maxmemory-policy', 'noeviction', '--loglevel', 'warning'],
    ]),
    logFile: join(dir, 'redis.log'),
  });
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null, connectTimeout: 500 });
  client.on('error', () => undefined);
  try {
    await until(`redis-server answers on port ${port}`, async () => {
      if (!child.running()) return true;
      if (client.status !== 'ready') await client.connect();
      return (await client.ping()) === 'PONG';
    });
  } catch (error) {
    await child.stop(0);
    throw error;
  } finally {
    client.disconnect();
  }
  if (!child.running()) throw new Error(`redis-server ended at once; its log: ${join(dir, 'redis.log')}`);
  return child;
}

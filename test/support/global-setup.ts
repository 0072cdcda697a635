import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { startMoto, startRedis, startReplicaSet } from '#sandbox/servers';

declare module 'vitest' {
  interface ProvidedContext {
    sharedServers: string;
  }
}

/**
 * One replica set, one redis-server and one S3 stand-in for the whole run, each started when the first test asks for
 * it: a run of unit tests starts none. Test files are other processes, so they ask over a loopback port; see
 * servers.ts for their side.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  const starters = {
    mongo: async () => {
      const set = await startReplicaSet({
        cacheGb: 1,
        name: 'shared',
        members: [{ name: 'east-1', region: 'us-east-1', priority: 1 }],
      });
      stops.push(set.stop);
      return set.uri('root');
    },
    redis: async () => {
      const redis = await startRedis();
      stops.push(redis.stop);
      return redis.url;
    },
    aws: async () => {
      const moto = await startMoto();
      stops.push(moto.stop);
      return moto.endpoint;
    },
  };
  const started = new Map<string, Promise<string>>();
  const door = createServer((request, response) => {
    const wanted = Object.entries(starters).find(([name]) => request.url === `/${name}`);
    if (wanted === undefined) {
      response.writeHead(404).end();
      return;
    }
    const [name, start] = wanted;
    const address = started.get(name) ?? start();
    started.set(name, address);
    address.then(
      (text) => response.end(text),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const at = door.address();
  if (at === null || typeof at === 'string') throw new Error('The door to the shared servers has no port.');
  project.provide('sharedServers', `http://127.0.0.1:${at.port}`);
  return async () => {
    door.closeAllConnections();
    door.close();
    await Promise.allSettled(started.values());
    await Promise.all(stops.map((stop) => stop()));
  };
}

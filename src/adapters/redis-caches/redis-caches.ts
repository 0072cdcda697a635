import { Redis, ReplyError } from 'ioredis';
import { DrError, type Region } from '#core';
import type { Caches, CacheView } from '#ports';

const WITHIN_MS = 2_000;

/**
 * Talks to each cache by a connection that lives for one question: it is asked once in a disaster, and an old connection may lead
 * to a server that is dead. `addressOf` has the password in it and is never shown.
 */
export function redisCaches(addressOf: (cache: string, region: Region) => string | undefined): Caches {
  const at = async <T>(cache: string, region: Region, ask: (redis: Redis) => Promise<T>): Promise<T> => {
    const address = addressOf(cache, region);
    if (address === undefined) {
      throw new DrError('SERVICE_UNAVAILABLE', 'permanent', `no address of the cache ${cache} in ${region} is known`);
    }
    const redis = new Redis(address, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: WITHIN_MS,
      commandTimeout: WITHIN_MS,
      retryStrategy: () => null,
    });
    // What is wrong with the connection is said by the question that it fails.
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await ask(redis);
    } catch (cause) {
      if (cause instanceof ReplyError) {
        const said = cause instanceof Error ? cause.message.slice(0, 80) : '';
        throw new DrError('SERVICE_UNAVAILABLE', 'permanent', `${cache} in ${region} refused: ${said}`, { cause });
      }
      throw new DrError('SERVICE_UNAVAILABLE', 'transient', `${cache} in ${region} does not answer`, { cause });
    } finally {
      redis.disconnect();
    }
  };
  return {
    look: (cache, region) => at(cache, region, lookAt),
    promote: (cache, region) =>
      at(cache, region, async (redis) => {
        await redis.replicaof('NO', 'ONE');
      }),
  };
}

async function lookAt(redis: Redis): Promise<CacheView> {
  const [replication, keys] = await Promise.all([redis.info('replication'), redis.dbsize()]);
  return { role: /^role:slave/m.test(replication) ? 'replica' : 'primary', keys };
}

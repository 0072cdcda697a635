import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type QueueDepthLook, queueDepthLook } from '#adapters/probes';
import { ownName, sharedRedisUrl } from '../../support/servers.ts';

const see = ({ depth }: QueueDepthLook) => depth(new AbortController().signal);

describe('a look at the queue', () => {
  const list = ownName('wakes');
  let redis: Redis;
  let look: QueueDepthLook;
  beforeAll(async () => {
    const redisUrl = await sharedRedisUrl();
    redis = new Redis(redisUrl);
    look = queueDepthLook({ redisUrl, list, most: 3 });
  });
  afterAll(() => {
    look.close();
    redis.disconnect();
  });

  it('is well while few wakes wait, and fails when nobody takes them', async () => {
    await expect.poll(() => look.answers().catch(() => undefined)).toBe('PONG');
    expect(await see(look)).toMatchObject({ state: 'well', numbers: { waiting: 0 } });
    await redis.rpush(list, 'a', 'b', 'c');
    expect(await see(look)).toMatchObject({ state: 'failed', what: 'queue is not taken', numbers: { waiting: 3 } });
    await redis.del(list);
  });

  it('says within seconds that nothing answers', async () => {
    const dead = queueDepthLook({ redisUrl: 'redis://127.0.0.1:1', list, most: 3 });
    await expect(dead.answers()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE', kind: 'transient' });
    await expect(see(dead)).rejects.toMatchObject({ kind: 'transient' });
    dead.close();
  });
});

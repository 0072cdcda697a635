import { bullWakeQueue } from '#adapters/bullmq';
import { createLogger } from '#core';
import { startRedis } from '#sandbox/servers';
import { wakeQueueContract } from '../../contract/wake-queue.contract.ts';

wakeQueueContract(async () => {
  const redis = await startRedis();
  return {
    queue: bullWakeQueue({ redisUrl: redis.url, log: createLogger('test', 'silent') }),
    stop: async () => redis.kill('SIGKILL'),
    start: () => redis.restart(),
    end: () => redis.stop(),
  };
});

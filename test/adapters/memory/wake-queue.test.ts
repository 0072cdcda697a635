import { memoryWakeQueue } from '#adapters/memory';
import { wakeQueueContract } from '../../contract/wake-queue.contract.ts';

wakeQueueContract(async () => {
  const queue = memoryWakeQueue();
  return {
    queue,
    stop: async () => queue.setAlive(false),
    start: async () => queue.setAlive(true),
    end: () => queue.close(),
  };
});

/** The wake queue on BullMQ and Redis. */
export { type BullWakeQueueOptions, bullWakeQueue } from './wake-queue.ts';

import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { DrError, type Logger } from '#core';
import type { Wake, WakeQueue } from '#ports';
import { answersWithin } from './answers-within.ts';

export interface BullWakeQueueOptions {
  readonly redisUrl: string;
  /** Default `holdfast-wake`. Two systems that share a Redis need two names. */
  readonly queueName?: string;
  /** Connection troubles are told here; they are never fatal. */
  readonly log: Logger;
}

/** What Redis carries. Whoever can write to Redis can write this; the journal decides what it means. */
const Payload = z.object({ runId: z.string().max(200) });

/** The port promises a second; this leaves the rest to the caller's own work. */
const ANSWER_WITHIN_MS = 800;

/**
 * Wakes through BullMQ. Each wake is a job of its own with an id that BullMQ chooses: a run id as job id would make
 * every later wake of that run a silent no-op.
 * Never waits for a dead Redis: BullMQ's own `add` and `close` do, for as long as it stays dead.
 */
export function bullWakeQueue({ redisUrl, queueName = 'holdfast-wake', log }: BullWakeQueueOptions): WakeQueue {
  // a dead Redis says the same four times a second, for hours
  const said = new Map<string, string>();
  const say = (what: string) => (error: Error) => {
    if (said.get(what) === error.message) return;
    said.set(what, error.message);
    log.warn({ what, reason: error.message }, 'wake queue');
  };
  // No offline queue: a wake that can't be sent now is worthless later, the sweep has found the run by then.
  const sending = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 1000,
    retryStrategy: () => 250,
  });
  sending.on('error', say('sending'));
  sending.on('ready', () => said.clear());
  const queue = new Queue(queueName, { connection: sending });
  queue.on('error', say('queue'));
  const listening = new Set<{ worker: Worker; connection: Redis }>();

  return {
    wake: async ({ job, runId }) => {
      await readyWithin(sending, ANSWER_WITHIN_MS);
      const options = { removeOnComplete: true, removeOnFail: true, attempts: 1 };
      await answersWithin(queue.add(job, { runId }, options), ANSWER_WITHIN_MS);
    },
    listen: async (onWake) => {
      const connection = new Redis(redisUrl, {
        maxRetriesPerRequest: null,
        connectTimeout: 1000,
        retryStrategy: () => 250,
      });
      connection.on('error', say('listening'));
      const worker = new Worker(queueName, (job) => received(job.name, job.data, onWake, log), {
        connection,
        concurrency: 20,
      });
      worker.on('error', say('worker'));
      listening.add({ worker, connection });
    },
    isAlive: async () => {
      try {
        await readyWithin(sending, ANSWER_WITHIN_MS);
        return (await answersWithin(sending.ping(), ANSWER_WITHIN_MS)) === 'PONG';
      } catch {
        return false;
      }
    },
    close: async () => {
      const ends = [...listening].map(async ({ worker, connection }) => {
        await answersWithin(worker.close(true), ANSWER_WITHIN_MS).catch(() => undefined);
        connection.disconnect();
      });
      listening.clear();
      await Promise.all(ends);
      // The queue does not own its connection: cutting that is all there is to close, and it never waits.
      sending.disconnect();
    },
  };
}

async function received(job: string, data: unknown, onWake: (wake: Wake) => Promise<void>, log: Logger): Promise<void> {
  const payload = Payload.safeParse(data);
  if (payload.success) await onWake({ job, runId: payload.data.runId });
  else log.warn({ job }, 'a wake without a run id was put into the queue by somebody else');
}

async function readyWithin(connection: Redis, ms: number): Promise<void> {
  if (connection.status === 'ready') return;
  if (connection.status !== 'connecting' && connection.status !== 'connect' && connection.status !== 'wait') {
    throw new DrError('QUEUE_UNAVAILABLE', 'transient', 'The queue does not answer.');
  }
  const ready = new Promise<void>((resolve) => void connection.once('ready', resolve));
  await answersWithin(ready, ms);
}

import type { FastifyInstance } from 'fastify';
import type { Account } from './account.ts';
import { type CheckedEvent, checkEvent } from './check-event.ts';
import type { PagerDutySettings } from './settings.ts';
import { SlidingMinute } from './sliding-minute.ts';

const EVENT_BYTES = 512_000;

export interface Events {
  /** Resolves when everything that was accepted became what it becomes. */
  settled(): Promise<void>;
  stop(): void;
}

/** Events API v2: accepts with 202 and acts a moment later, in order. */
export function serveEvents(
  server: FastifyInstance,
  { account, settings, now }: { account: Account; settings: PagerDutySettings; now: () => number },
): Events {
  const limit = new SlidingMinute(settings.limits.eventsPerMinute, now);
  const waiting = new Set<NodeJS.Timeout>();
  let last = Promise.resolve();

  server.post('/v2/enqueue', { bodyLimit: EVENT_BYTES }, async (request, reply) => {
    const checked = checkEvent(request.body);
    if ('errors' in checked) return reply.code(400).send(invalid(checked.errors));
    if (checked.event.routingKey !== settings.routingKey) return reply.code(400).send(invalid(['Invalid routing key']));
    if (limit.take(checked.event.routingKey) !== undefined) {
      return reply
        .code(429)
        .send({ status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' });
    }
    last = last.then(() => later(() => act(account, checked.event)));
    return reply.code(202).send({ status: 'success', message: 'Event processed', dedup_key: checked.event.key });
  });

  function later(act: () => void): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        act();
        resolve();
      }, settings.limits.ingestAfterMs);
      waiting.add(timer);
    });
  }
  return {
    settled: () => last,
    stop: () => {
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}

const invalid = (errors: readonly string[]) => ({
  status: 'invalid event',
  message: 'Event object is invalid',
  errors,
});

/** What nobody knows is not acknowledged and not resolved, without a word. */
function act(account: Account, event: CheckedEvent): void {
  const open = account.open(event.key);
  switch (event.action) {
    case 'trigger':
      account.trigger(event);
      return;
    case 'acknowledge':
      if (open) account.acknowledge(open.id);
      return;
    case 'resolve':
      if (open) account.resolve(open.id);
      return;
    default:
      event.action satisfies never;
  }
}

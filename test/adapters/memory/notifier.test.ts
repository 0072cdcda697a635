import { createSettableClock, memoryNotifier, notifierUnavailable } from '#adapters/memory';
import { notifierContract } from '../../contract/notifier.contract.ts';

notifierContract(async () => {
  const notifier = memoryNotifier('sms', createSettableClock(new Date('2026-11-23T08:00:00Z')));
  const once = (kind: 'refuse' | 'loseAnswer', retryAfterMs?: number): void =>
    notifier.failWith(() => {
      notifier.failWith(undefined);
      return { kind, error: notifierUnavailable(retryAfterMs) };
    });
  return {
    notifier,
    delivered: () => notifier.delivered.map(({ notice: { id } }) => id),
    loseAnswer: () => once('loseAnswer'),
    limit: (seconds) => once('refuse', seconds * 1000),
    setAlive: (alive) =>
      notifier.failWith(alive ? undefined : () => ({ kind: 'refuse', error: notifierUnavailable() })),
    close: async () => undefined,
  };
});

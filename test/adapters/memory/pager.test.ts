import { createSettableClock, memoryPager, pagerUnavailable } from '#adapters/memory';
import { ON_CALL, pagerContract } from '../../contract/pager.contract.ts';

pagerContract(async () => {
  const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));
  const pager = memoryPager({ clock, onCall: [ON_CALL] });
  return {
    pager,
    tokenless: memoryPager({ clock, onCall: [ON_CALL], rest: false }),
    rings: (key) => pager.rings.filter((ring) => ring.key === key).map(({ user }) => user),
    settled: () => clock.advance(1_000),
    acknowledgeAs: (key, user) => void pager.acknowledgeAs(key, user),
    loseAnswer: () => once(pager, 'loseAnswer'),
    limit: (seconds) => once(pager, 'refuse', seconds * 1000),
    setAlive: (alive) => pager.failWith(alive ? undefined : () => ({ kind: 'refuse', error: pagerUnavailable() })),
    close: async () => undefined,
  };
});

function once(pager: ReturnType<typeof memoryPager>, kind: 'refuse' | 'loseAnswer', retryAfterMs?: number): void {
  pager.failWith(() => {
    pager.failWith(undefined);
    return { kind, error: pagerUnavailable(retryAfterMs) };
  });
}

import { every } from './every.ts';
import { servingNow } from './follow-serving.ts';
import type { Holdfast } from './open-holdfast.ts';

const LOOK_MS = 3_000;

/**
 * Ends this process once another database serves than the one it was opened on: whatever it keeps of the old one, it begins anew.
 * Whoever supervises it starts it again. Returns how to stop watching.
 */
export function watchServing(holdfast: Holdfast, end: () => Promise<void>): () => Promise<void> {
  const { plan, store, flow, logger, served } = holdfast;
  const servedHost = served?.host;
  let isEnding = false;
  const look = async (): Promise<void> => {
    const host = (await servingNow({ plan, store, clock: flow.clock }))?.host;
    if (isEnding || host === servedHost) return;
    isEnding = true;
    logger.warn(
      { from: servedHost ?? 'MONGODB_URI', to: host ?? 'MONGODB_URI' },
      'another database serves: starting anew',
    );
    // not waited for: it stops this very watch
    void end();
  };
  return every(LOOK_MS, 'the look at which database serves', look, { clock: flow.clock, logger });
}

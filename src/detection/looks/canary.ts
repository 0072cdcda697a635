import { type Clock, formatDuration } from '#core';
import type { Canary, Look } from '#ports';
import { well } from './answers.ts';

/** Writes and waits for a majority, as the application does. The number is this machine's time: each is another write. */
export const canaryLook =
  (canary: Canary, clock: Clock): Look =>
  async () => {
    const startMs = clock.monotonicMs();
    await canary.write(clock.now().getTime());
    const tookMs = Math.round(clock.monotonicMs() - startMs);
    return well(`a write reached a majority in ${formatDuration(tookMs)}`, { tookMs });
  };

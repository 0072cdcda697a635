import type { Clock } from '#core';
import type { Look, ProbeResult } from '#ports';

/**
 * A look at what changes only when somebody changes it: found well, it is not asked again for `ms`, because each request to
 * Amazon costs money and three detectors ask of every region. Anything but well is asked in every round, as all others are, so
 * that three answers in a row still take three rounds.
 */
export function seldom(look: Look, { clock, ms }: { readonly clock: Clock; readonly ms: number }): Look {
  let wasWell: { readonly atMs: number; readonly answer: ProbeResult } | undefined;
  return async (signal) => {
    if (wasWell && clock.monotonicMs() - wasWell.atMs < ms) return wasWell.answer;
    wasWell = undefined;
    const atMs = clock.monotonicMs();
    const answer = await look(signal);
    if (answer.state === 'well') wasWell = { atMs, answer };
    return answer;
  };
}

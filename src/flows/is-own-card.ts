import { DrError, type RequestId } from '#core';
import type { DispatchDeps } from './dispatch-deps.ts';

const LOOKS = 20;
const BETWEEN_LOOKS_MS = 100;

/**
 * Whether this message is the request's present card. A card is in the channel a moment before its place is noted, so
 * a click on a message newer than the noted one waits for up to two seconds. Rejects with CHAT_UNAVAILABLE (transient)
 * when no card was noted at all: whoever posts it may have died; another posts it soon, and then it is pressed again.
 */
export async function isOwnCard<World>(
  request: RequestId,
  ts: string,
  { cardOf, flow: { clock } }: Pick<DispatchDeps<World>, 'cardOf' | 'flow'>,
): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    const noted = await cardOf(request);
    if (noted === ts) return true;
    if (noted !== undefined && isOlder(ts, noted)) return false;
    if (look < LOOKS) {
      await clock.sleep(BETWEEN_LOOKS_MS);
      continue;
    }
    if (noted !== undefined) return false;
    throw new DrError('CHAT_UNAVAILABLE', 'transient', `The card of ${request} is still being posted.`, {
      hint: 'Press again when the request stands in the channel.',
    });
  }
}

/** Slack's message ids are seconds with six decimals, of one length: they sort as text. */
const isOlder = (ts: string, than: string): boolean => ts < than;

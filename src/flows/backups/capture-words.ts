import type { CaptureState } from '#capture';
import { at, formatDuration, type Text } from '#core';
import type { TimelineBeginning } from '#vault';

/** A state that was written down so long ago is nobody's who is well, in ms. */
const SILENT_AFTER_MS = 15_000;

/** How capture is, by what it wrote down and how long ago: who is silent is not well, whatever it said last. */
export function captureTrouble(state: CaptureState | undefined, now: Date): Text | undefined {
  if (!state) return ['Nothing is captured yet: no process of the role capture has begun.'];
  const silentMs = now.getTime() - state.at.getTime();
  const through = at(new Date(state.position.through.seconds * 1000));
  if (silentMs > SILENT_AFTER_MS) {
    return ['Capture has said nothing for ', formatDuration(silentMs), '; durable up to ', through, '.'];
  }
  if (state.trouble) return [`Capture is paused: ${state.trouble} Durable up to `, through, '.'];
  return undefined;
}

/** Who captures, what is at risk now, and how long capture might be away. */
export function captureLine(state: CaptureState | undefined, now: Date): Text {
  const trouble = captureTrouble(state, now);
  if (trouble || !state) return trouble ?? [];
  const reach = state.oplogFrom
    ? [`; the oplog reaches back ${formatDuration(now.getTime() - state.oplogFrom.seconds * 1000)}`]
    : [];
  return [`Captured by ${state.holder}. At risk now: ${formatDuration(state.behindMs)} of writes`, ...reach, '.'];
}

/** What lies between a timeline and the one before. */
export const whyItBegins: Readonly<Record<TimelineBeginning['reason'], string>> = {
  first: 'capture was switched on again',
  gap: 'capture was away for longer than the oplog reaches back',
  swap: 'restored data was swapped in',
  diverged: 'the servers went on with another history',
};

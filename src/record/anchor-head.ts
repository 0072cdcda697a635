import type { Timeline } from './timeline.ts';
import { Anchor } from './verify-timeline.ts';

/**
 * Writes the record's head to where it cannot be taken back: `putAnchor` stores it under Object Lock, and is called
 * with an anchor that it may have stored already. Returns the anchor, or undefined for an empty record. Run hourly:
 * an end cut off within the hour that follows the newest anchor does not show.
 */
export async function anchorHead(
  timeline: Timeline,
  putAnchor: (anchor: Anchor) => Promise<void>,
): Promise<Anchor | undefined> {
  const head = await timeline.head();
  if (!head) return undefined;
  const anchor = Anchor.parse({ sequence: head.sequence, hash: head.hash, at: head.at });
  await putAnchor(anchor);
  return anchor;
}

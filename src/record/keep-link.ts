import { asDrError } from '#core';
import { changeRecord } from '#ports';
import type { PosterWorld } from './poster-parts.ts';
import type { Thread } from './thread.ts';

/**
 * Notes where a thread's root message is opened, once for each: pages carry it, and whoever sends them may have no chat to ask.
 * A refusal is not asked about again by this process. Idempotent. Throws CHAT_UNAVAILABLE (transient).
 */
export async function keepLink(world: PosterWorld, { id, root, link }: Thread): Promise<void> {
  if (!root || link?.ts === root.ts || world.linkless.has(root.ts)) return;
  try {
    const url = await world.chat.permalink(root);
    await changeRecord(world.threads, id, (now) =>
      now.root?.ts === root.ts ? { ...now, link: { ts: root.ts, url } } : undefined,
    );
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.kind === 'transient') throw thrown;
    world.linkless.add(root.ts);
    world.onTrouble(`the address of ${id} was refused; pages about it go without`, error);
  }
}

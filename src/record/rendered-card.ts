import { asDrError } from '#core';
import type { Card } from '#ports';
import type { PosterWorld } from './poster-parts.ts';
import type { Thread } from './thread.ts';

/**
 * A thread's root message as it is to look now; undefined when there is none, or when it could not be drawn. One card
 * that can't be drawn must not keep all others, and all lines, from being posted.
 */
export async function renderedCard(world: PosterWorld, thread: Thread): Promise<Card | undefined> {
  try {
    return await world.renderCard(thread.id);
  } catch (thrown) {
    world.onTrouble(`the card of ${thread.id} could not be rendered`, asDrError(thrown));
    return undefined;
  }
}

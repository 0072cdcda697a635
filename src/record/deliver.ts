import { asDrError, DrError } from '#core';
import { type Card, ChatRefusal, type MessagePlace } from '#ports';
import { after, BETWEEN_POSTS_MS, type Next, type PosterWorld } from './poster-parts.ts';
import type { Thread } from './thread.ts';

interface Message {
  readonly thread: Thread;
  /** In the thread under the root message, or as a root message. */
  readonly under: MessagePlace | undefined;
  readonly sequence: string;
  readonly card: Card;
}

/**
 * Posts one message once. When the fate of the thread's last message is not known (a new leader, a lost answer),
 * the chat is asked first whether this one is there already. A message that the chat refuses for its form is posted
 * again as plain text; one that is refused even so comes back as undefined. Throws CHAT_UNAVAILABLE, CHAT_REFUSED.
 */
export async function deliver(world: PosterWorld, message: Message): Promise<MessagePlace | undefined> {
  const { thread, under, sequence, card } = message;
  const threadTs = under?.ts;
  if (!world.certain.has(thread.id)) {
    const there = await world.chat.findPosted(thread.channel, threadTs, sequence);
    if (there) return there;
    // The question took its time: somebody else may be posting by now.
    if (!(await world.lead())) throw new DrError('LEASE_LOST', 'transient', 'Another process posts now.');
  }
  world.certain.delete(thread.id);
  const post = (form: Card) =>
    world.chat.post({ channel: thread.channel, sequence, card: form, ...(threadTs === undefined ? {} : { threadTs }) });
  world.nextPostAtMs.set(thread.channel, world.clock.monotonicMs() + BETWEEN_POSTS_MS);
  try {
    return await post(card);
  } catch (thrown) {
    if (refusalOf(thrown) !== 'message') throw thrown;
    world.onTrouble(`${sequence} was refused and is posted as plain text`, asDrError(thrown));
  }
  try {
    return await post({ push: card.push, parts: [] });
  } catch (thrown) {
    if (refusalOf(thrown) !== 'message') throw thrown;
    world.onTrouble(`${sequence} was refused also as plain text and is only in the record`, asDrError(thrown));
    return undefined;
  }
}

/** How long until the channel takes another message; 0 when it does now. */
export const untilNextPostMs = (world: PosterWorld, channel: string): number =>
  Math.max(0, (world.nextPostAtMs.get(channel) ?? 0) - world.clock.monotonicMs());

/** What a refusal is about; undefined for anything else that was thrown. */
export function refusalOf(thrown: unknown): ChatRefusal | undefined {
  const error = asDrError(thrown);
  if (error.code !== 'CHAT_REFUSED') return undefined;
  const about = ChatRefusal.safeParse(error.data['about']);
  return about.success ? about.data : 'message';
}

/** The time the service asked for; undefined when it just did not answer. */
export function retryAfterMs(error: DrError): number | undefined {
  const ms = error.data['retryAfterMs'];
  return error.code === 'CHAT_UNAVAILABLE' && typeof ms === 'number' ? ms : undefined;
}

/** Waits out a rate limit; undefined when it was none. */
export function waitForLimit(thrown: unknown): Next | undefined {
  const ms = retryAfterMs(asDrError(thrown));
  return ms === undefined ? undefined : after(ms);
}

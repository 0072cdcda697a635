import { mention, outside, type PersonId, type TextPiece } from '#core';
import { type Actor, inThread, type ThreadId, type TimelineEntry } from './entry.ts';
import type { Timeline } from './timeline.ts';

/** What somebody did in a thread, as the chat reported it. */
export interface HumanMessage {
  readonly thread: ThreadId;
  /** A person of the roster, or the chat's own name for somebody who is on none. */
  readonly author: PersonId | { readonly outsider: string };
  readonly channel: string;
  /** The message's own name in the chat; an edit and a deletion name the message they are about. */
  readonly ts: string;
  readonly change:
    | { readonly kind: 'written'; readonly words: string }
    | { readonly kind: 'edited'; readonly words: string; readonly editTs: string }
    | { readonly kind: 'deleted' };
}

/**
 * Records what people write in a thread. An edit or a deletion is a new entry: what was said first stays. The chat
 * may report a thing twice; it is recorded once. Throws STORE_UNAVAILABLE.
 */
export function recordHumanMessage(timeline: Timeline, message: HumanMessage): Promise<TimelineEntry> {
  const { thread, author, channel, ts, change } = message;
  const own = { channel, ts };
  const base = {
    ...inThread(thread),
    actor: author satisfies Actor,
    // It is in the thread already.
    inThread: false,
  };
  const id = `human/${channel}/${ts}`;
  switch (change.kind) {
    case 'written': {
      const text = [who(author), ' wrote ', outside(change.words)];
      return timeline.append({ ...base, id, kind: 'human', text, data: { ...own, words: change.words } });
    }
    case 'edited': {
      const text = [who(author), ' changed a message to ', outside(change.words)];
      const data = { ...own, editTs: change.editTs, words: change.words };
      return timeline.append({ ...base, id: `${id}/edited/${change.editTs}`, kind: 'human-edited', text, data });
    }
    case 'deleted': {
      const text = [who(author), ' deleted a message. Its words stay in the record.'];
      return timeline.append({ ...base, id: `${id}/deleted`, kind: 'human-deleted', text, data: own });
    }
  }
}

const who = (author: HumanMessage['author']): TextPiece =>
  typeof author === 'string' ? mention(author) : outside(author.outsider);

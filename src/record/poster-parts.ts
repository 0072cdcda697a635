import type { Clock, DrError, PersonId } from '#core';
import type { Card, Chat, ControlStore, Leases, Records } from '#ports';
import type { ThreadId } from './entry.ts';
import type { DirectMessage, PosterState, Thread } from './thread.ts';
import type { Timeline } from './timeline.ts';

export interface PosterOptions {
  readonly store: ControlStore;
  readonly leases: Leases;
  readonly timeline: Timeline;
  readonly chat: Chat;
  readonly clock: Clock;
  /** Unique for this process: only one process posts at a time. */
  readonly holder: string;
  /** Where a request's or an incident's messages go. */
  readonly channelOf: (thread: ThreadId) => string;
  /** The root message as it is to look now; undefined while there is none. Cheap: asked every second. */
  readonly renderCard: (thread: ThreadId) => Promise<Card | undefined>;
  readonly nameOf: (person: PersonId) => string;
  /** Told of what a person should know about: refusals, cards that can't be rendered. Never throws. */
  readonly onTrouble: (what: string, error: DrError) => void;
}

/** What the poster's parts work with. */
export interface PosterWorld extends PosterOptions {
  /** Whether this process is the one that posts, for long enough to finish one call. */
  readonly lead: () => Promise<boolean>;
  readonly threads: Records<Thread>;
  readonly states: Records<PosterState>;
  readonly directs: Records<DirectMessage>;
  /** When each channel may have its next message, by the monotonic clock. */
  readonly nextPostAtMs: Map<string, number>;
  /** Threads whose last message this process knows the fate of: no need to ask the chat first. */
  readonly certain: Set<ThreadId>;
  /** Root messages whose address the chat refused. */
  readonly linkless: Set<string>;
}

/** How a part of the poster wants to go on: at once, after a time that news can't shorten, or when there is news. */
export type Next =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'idle' };

export const atOnce: Next = { kind: 'at-once' };
export const idle: Next = { kind: 'idle' };
export const after = (ms: number): Next => ({ kind: 'after', ms });

/** Slack takes about one message a second in a channel; a little more apart, and none is refused. */
export const BETWEEN_POSTS_MS = 1050;
/** Slack takes about 50 edits a minute from one workspace. */
export const BETWEEN_UPDATES_MS = 1200;

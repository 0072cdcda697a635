/** The record: every fact of every request and incident in one chain, and its copy in the threads. */
export * from './anchor-head.ts';
export { queueDirectMessage, whenSent } from './direct-messages.ts';
export { Actor, EntryKind, inThread, NewEntry, ThreadId, TimelineEntry } from './entry.ts';
export * from './human-messages.ts';
export { createLeadership, type Leadership } from './leadership.ts';
export { newRoot } from './new-root.ts';
export { chatUnreachableSince } from './outage.ts';
export { plainText } from './plain-text.ts';
export { createPoster, type Freshness, type Poster } from './poster.ts';
export type { PosterOptions } from './poster-parts.ts';
export { DirectMessage, Thread } from './thread.ts';
export { outageLine, threadLine } from './thread-line.ts';
export { threadLink } from './thread-link.ts';
export { createTimeline, type Timeline, type TimelineQuery } from './timeline.ts';
export * from './verify-timeline.ts';

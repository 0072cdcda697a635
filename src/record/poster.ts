import { asDrError } from '#core';
import type { Card } from '#ports';
import { sendNextDirect } from './direct-messages.ts';
import type { ThreadId } from './entry.ts';
import { createLeadership } from './leadership.ts';
import { newRoot } from './new-root.ts';
import { postNext } from './post-lines.ts';
import type { Next, PosterOptions, PosterWorld } from './poster-parts.ts';
import { createCardRefresher } from './refresh-cards.ts';
import { readPosterState } from './scan-entries.ts';
import { openDirectMessages, openPosterState, openThreads, type Thread } from './thread.ts';
import { createWaker } from './waker.ts';

/** How far the threads are behind the record. */
export interface Freshness {
  /** Milliseconds since the oldest line that is not in its thread was recorded; 0 when all are. */
  readonly lagMs: number;
  /** Threads that wait for a line. */
  readonly threadsBehind: number;
  readonly unreachableSince: Date | undefined;
}

/** Copies the record into the threads, one process at a time. What it does is in the chat once, and in order. */
export interface Poster {
  /** Starts; harmless to call again. */
  start(): void;
  /** Ends after the message that is under way, and lets another process go on at once. */
  stop(): Promise<void>;
  /** Something that cards show has changed: look now instead of within a second. */
  changed(): void;
  /**
   * Ends a request's card as `ended` shows it and posts a new root message; later lines go under the new one.
   * `number` counts the request's cards from 1: the same number again changes nothing.
   */
  newRoot(thread: ThreadId, number: number, ended: Card): Promise<void>;
  /** What is known of a thread's place in the chat. */
  threadOf(thread: ThreadId): Promise<Thread | undefined>;
  /** Whose root message this is, or was; undefined for any other message. Looks at the newest 200 threads. */
  threadAt(rootTs: string): Promise<ThreadId | undefined>;
  freshness(): Promise<Freshness>;
}

/** A dead leader is replaced within this time. */
const LEASE_MS = 10_000;
/** Longer than one call to the chat may take: what is begun under the lease ends under it. */
const MARGIN_MS = 6000;
const LOOK_EVERY_MS = 1000;

export function createPoster(options: PosterOptions): Poster {
  const { store, clock, timeline, leases, holder } = options;
  const leadership = createLeadership({ leases, clock, name: 'poster', holder, ttlMs: LEASE_MS });
  let asking: Promise<boolean> | undefined;
  /** The three loops share one lease: they ask together, not each on its own. */
  const lead = (): Promise<boolean> => {
    asking ??= leadership.hold(MARGIN_MS).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const world: PosterWorld = {
    ...options,
    lead,
    threads: openThreads(store),
    states: openPosterState(store),
    directs: openDirectMessages(store),
    nextPostAtMs: new Map(),
    certain: new Set(),
    linkless: new Set(),
  };
  const refreshCards = createCardRefresher(world);
  const parts = [() => postNext(world), refreshCards, () => sendNextDirect(world)].map((step) => ({
    step,
    waker: createWaker(clock),
  }));
  const changed = (): void => {
    for (const { waker } of parts) waker.wake();
  };
  let running:
    | { readonly end: AbortController; readonly ended: Promise<unknown>; readonly deaf: () => void }
    | undefined;

  const once = async (step: () => Promise<Next>): Promise<Next> => {
    if (!(await lead())) return { kind: 'after', ms: LOOK_EVERY_MS };
    // What the leader before did last is not known here.
    if (leadership.isNew()) world.certain.clear();
    return await step();
  };

  const loop = async ({ step, waker }: (typeof parts)[number], stopped: AbortSignal): Promise<void> => {
    const deaf = createWaker(clock);
    while (!stopped.aborted) {
      try {
        const next = await once(step);
        if (next.kind === 'idle') await waker.wait(LOOK_EVERY_MS, stopped);
        if (next.kind === 'after') await deaf.wait(next.ms, stopped);
      } catch (thrown) {
        options.onTrouble('the copy of the record into the threads was interrupted', asDrError(thrown));
        await deaf.wait(LOOK_EVERY_MS, stopped);
      }
    }
  };

  return {
    start: () => {
      if (running) return;
      const end = new AbortController();
      const ended = Promise.all(parts.map((part) => loop(part, end.signal)));
      running = { end, ended, deaf: timeline.onAppend(changed) };
    },
    stop: async () => {
      running?.deaf();
      running?.end.abort();
      await running?.ended;
      running = undefined;
      await leadership.giveUp();
    },
    changed,
    newRoot: async (thread, number, ended) => {
      await newRoot(store, thread, number, ended);
      changed();
    },
    threadOf: async (thread) => (await world.threads.get(thread))?.value,
    threadAt: async (rootTs) => {
      const query = { sort: { by: 'movedAt', order: 'descending' }, limit: 200 } as const;
      const found = (await world.threads.find(query)).find(
        ({ value }) => value.root?.ts === rootTs || value.retired.some(({ place }) => place.ts === rootTs),
      );
      return found?.value.id;
    },
    freshness: async () => {
      const behind = await world.threads.find({
        where: { next: { above: 0 } },
        sort: { by: 'next', order: 'ascending' },
        limit: 100,
      });
      const { unreachableSince } = await readPosterState(world);
      const [oldest] = behind;
      const [entry] = oldest?.value.next ? await timeline.read({ after: oldest.value.next - 1, limit: 1 }) : [];
      const now = entry ? await store.now() : undefined;
      const lagMs = entry && now ? Math.max(0, now.getTime() - entry.at.getTime()) : 0;
      return { lagMs, threadsBehind: behind.length, unreachableSince };
    },
  };
}

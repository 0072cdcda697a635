import { at, say } from '#core';
import { type ControlStore, changeRecord } from '#ports';
import type { PosterWorld } from './poster-parts.ts';
import { openPosterState, type PosterState } from './thread.ts';

/** Shorter ones nobody noticed; the lines carry their own times anyway. */
const WORTH_A_LINE_MS = 30_000;

/** Remembers since when nothing reaches the chat, so that another process can tell it too. Idempotent. */
export async function beginOutage({ states, store }: PosterWorld): Promise<void> {
  const now = await store.now();
  await changeRecord(states, 'poster', (state) =>
    state.unreachableSince ? undefined : { ...state, unreachableSince: now },
  );
}

/**
 * Once the chat answers again: records the outage, and gives each thread that has lines waiting a notice to post before
 * them. Repeatable: what it does last is to forget the outage. Throws what the chat's check throws.
 */
export async function endOutage(world: PosterWorld, since: Date): Promise<void> {
  await world.chat.check();
  const now = await world.store.now();
  if (now.getTime() - since.getTime() >= WORTH_A_LINE_MS) {
    await giveNotices(world, since, now);
    await world.timeline.append({
      id: `chat/unreachable/${since.toISOString()}`,
      kind: 'delivery',
      actor: 'holdfast',
      text: say`Slack could not be reached from ${at(since)} to ${at(now)}.`,
      inThread: false,
    });
  }
  await changeRecord(world.states, 'poster', ({ unreachableSince: _, ...state }: PosterState) => state);
}

async function giveNotices({ threads, timeline }: PosterWorld, from: Date, to: Date): Promise<void> {
  const behind = await threads.find({ where: { next: { above: 0 } }, limit: 500 });
  for (const { value: thread } of behind) {
    const waiting = await timeline.read({ thread: thread.id, after: thread.cursor, inThread: true, limit: 1000 });
    if (waiting.length === 0) continue;
    await changeRecord(threads, thread.id, (current) => ({
      ...current,
      notice: { from: current.notice?.from ?? from, to, lines: waiting.length },
    }));
  }
}

/** Since when nothing reaches the chat, as the process that posts there noted it; undefined when it is reached. */
export async function chatUnreachableSince(store: ControlStore): Promise<Date | undefined> {
  return (await openPosterState(store).get('poster'))?.value.unreachableSince;
}

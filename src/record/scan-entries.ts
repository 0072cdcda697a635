import { changeRecord, insertNew } from '#ports';
import type { ThreadId, TimelineEntry } from './entry.ts';
import type { PosterWorld } from './poster-parts.ts';
import type { PosterState } from './thread.ts';

const BATCH = 200;

/** What the poster remembers; made on first use. */
export async function readPosterState({ states }: PosterWorld): Promise<PosterState> {
  const seen = await states.get('poster');
  if (seen) return seen.value;
  await insertNew(states, { id: 'poster', scanned: 0 });
  return { id: 'poster', scanned: 0 };
}

/**
 * Gives new entries to their threads: each thread then knows the oldest entry it has not posted. Repeatable at any
 * point, so a crash in the middle only means that it is done again.
 */
export async function scanEntries(world: PosterWorld): Promise<void> {
  for (let batches = 0; batches < 50; batches += 1) {
    const { scanned } = await readPosterState(world);
    const entries = await world.timeline.read({ after: scanned, limit: BATCH });
    const newest = entries.at(-1);
    if (!newest) return;
    for (const [thread, own] of Map.groupBy(entries, (entry) => entry.thread)) {
      if (thread !== undefined) await giveToThread(world, thread, own);
    }
    await changeRecord(world.states, 'poster', (state) => ({
      ...state,
      scanned: Math.max(state.scanned, newest.sequence),
    }));
    if (entries.length < BATCH) return;
  }
}

async function giveToThread(world: PosterWorld, id: ThreadId, entries: TimelineEntry[]): Promise<void> {
  const lines = entries.filter((entry) => entry.inThread);
  const [first] = lines;
  const movedAt = entries.at(-1)?.at;
  if (movedAt === undefined) return;
  const known = await changeRecord(world.threads, id, (thread) => {
    const next = thread.next ?? lines.find((entry) => entry.sequence > thread.cursor)?.sequence;
    return { ...thread, ...(next === undefined ? {} : { next }), live: true, movedAt };
  });
  // A thread begins with its first line: what was only refused or noted has none.
  if (known || !first) return;
  await world.threads.insert({
    id,
    channel: world.channelOf(id),
    cursor: first.sequence - 1,
    next: first.sequence,
    rootNumber: 1,
    rootWanted: true,
    live: true,
    movedAt,
    retired: [],
  });
}

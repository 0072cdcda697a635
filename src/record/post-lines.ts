import { asDrError, hashOf } from '#core';
import { changeRecord } from '#ports';
import { deliver, refusalOf, untilNextPostMs, waitForLimit } from './deliver.ts';
import { keepLink } from './keep-link.ts';
import { beginOutage, endOutage } from './outage.ts';
import { after, atOnce, idle, type Next, type PosterWorld } from './poster-parts.ts';
import { renderedCard } from './rendered-card.ts';
import { readPosterState, scanEntries } from './scan-entries.ts';
import type { Thread } from './thread.ts';
import { outageLine, threadLine } from './thread-line.ts';

/** How long a thread waits for its card before it is given up: the request came to nothing. */
const CARD_WITHIN_MS = 24 * 3_600_000;
const WHILE_UNREACHABLE_MS = 3000;

/** Posts the next message that is due, a root message before any line, lines in the order of the record. */
export async function postNext(world: PosterWorld): Promise<Next> {
  await scanEntries(world);
  try {
    const { unreachableSince } = await readPosterState(world);
    if (unreachableSince) await endOutage(world, unreachableSince);
    return (await postRoots(world)) ?? (await postLine(world)) ?? idle;
  } catch (thrown) {
    const limit = waitForLimit(thrown);
    if (limit) return limit;
    const error = asDrError(thrown);
    if (error.code === 'CHAT_REFUSED') world.onTrouble('nothing can be posted', error);
    else if (error.code !== 'CHAT_UNAVAILABLE') throw thrown;
    await beginOutage(world);
    return after(WHILE_UNREACHABLE_MS);
  }
}

async function postRoots(world: PosterWorld): Promise<Next | undefined> {
  const wanted = await world.threads.find({
    where: { rootWanted: true },
    sort: { by: 'movedAt', order: 'ascending' },
    limit: 50,
  });
  for (const { value: thread } of wanted) {
    const card = await renderedCard(world, thread);
    if (!card) {
      await giveUpIfLate(world, thread);
      continue;
    }
    const waitMs = untilNextPostMs(world, thread.channel);
    if (waitMs > 0) return after(waitMs);
    const place = await deliver(world, { thread, under: undefined, sequence: rootSequence(thread), card });
    world.certain.add(thread.id);
    const posted = await changeRecord(world.threads, thread.id, (current) => {
      if (current.rootNumber !== thread.rootNumber) return undefined;
      return { ...current, ...(place ? { root: place } : {}), cardHash: hashOf(card), rootWanted: false };
    });
    // the first pages are waiting for it; where it does not come, the next look at the card asks again
    if (posted) await keepLink(world, posted).catch(() => undefined);
    return atOnce;
  }
  return undefined;
}

async function postLine(world: PosterWorld): Promise<Next | undefined> {
  const behind = await world.threads.find({
    where: { next: { above: 0 } },
    sort: { by: 'next', order: 'ascending' },
    limit: 50,
  });
  for (const { value: thread } of behind) {
    if (!thread.root) continue;
    const waitMs = untilNextPostMs(world, thread.channel);
    if (waitMs > 0) return after(waitMs);
    try {
      await (thread.notice ? postNotice(world, thread) : postEntry(world, thread));
      return atOnce;
    } catch (thrown) {
      if (refusalOf(thrown) !== 'place') throw thrown;
      world.onTrouble(`the root message of ${thread.id} is gone; a new one is posted`, asDrError(thrown));
      await loseRoot(world, thread);
    }
  }
  return undefined;
}

async function postNotice(world: PosterWorld, thread: Thread): Promise<void> {
  if (!thread.notice) return;
  const sequence = `outage-${thread.id}-${thread.notice.from.getTime()}`;
  await deliver(world, { thread, under: thread.root, sequence, card: outageLine(thread.notice) });
  world.certain.add(thread.id);
  await changeRecord(world.threads, thread.id, ({ notice: _, ...current }: Thread) => current);
}

async function postEntry(world: PosterWorld, thread: Thread): Promise<void> {
  const [entry, following] = await world.timeline.read({
    thread: thread.id,
    after: thread.cursor,
    inThread: true,
    limit: 2,
  });
  if (entry) {
    const card = threadLine(entry, world.nameOf);
    await deliver(world, { thread, under: thread.root, sequence: `line-${entry.sequence}`, card });
    world.certain.add(thread.id);
  }
  await changeRecord(world.threads, thread.id, ({ next: _, ...current }: Thread) => ({
    ...current,
    cursor: Math.max(current.cursor, entry?.sequence ?? 0),
    ...(following ? { next: following.sequence } : {}),
  }));
}

/** A deleted or unreachable root message: the next card is posted as a new one, and lines go under that. */
export async function loseRoot(world: PosterWorld, thread: Thread): Promise<void> {
  await changeRecord(world.threads, thread.id, ({ root, cardHash: _, ...current }: Thread) =>
    root?.ts === thread.root?.ts
      ? { ...current, rootNumber: current.rootNumber + 1, rootWanted: true, live: true }
      : undefined,
  );
}

async function giveUpIfLate(world: PosterWorld, thread: Thread): Promise<void> {
  if (world.clock.now().getTime() - thread.movedAt.getTime() < CARD_WITHIN_MS) return;
  await changeRecord(world.threads, thread.id, ({ next: _, ...current }: Thread) => ({
    ...current,
    rootWanted: false,
    live: false,
  }));
}

const rootSequence = (thread: Thread): string => `root-${thread.id}-${thread.rootNumber}`;

import { asDrError, hashOf } from '#core';
import { type Card, changeRecord } from '#ports';
import { refusalOf, waitForLimit } from './deliver.ts';
import { keepLink } from './keep-link.ts';
import { loseRoot } from './post-lines.ts';
import { after, BETWEEN_UPDATES_MS, idle, type Next, type PosterWorld } from './poster-parts.ts';
import { renderedCard } from './rendered-card.ts';
import type { Thread } from './thread.ts';

/** A card that did not change for so long is looked at again only when its thread gets an entry. */
const LIVE_FOR_MS = 3_600_000;
const WHILE_UNREACHABLE_MS = 3000;

/** Edits root messages that no longer look as they should; of several versions only the newest is sent. */
export function createCardRefresher(world: PosterWorld): () => Promise<Next> {
  const editedAtMs = new Map<string, number>();
  return async () => {
    const live = await world.threads.find({ where: { live: true }, limit: 50 });
    // Who waited longest goes first, so that one busy run does not keep the others' cards old.
    const inTurn = live
      .map(({ value }) => value)
      .sort((a, b) => (editedAtMs.get(a.id) ?? 0) - (editedAtMs.get(b.id) ?? 0));
    try {
      for (const thread of inTurn) {
        if (!(await refresh(world, thread))) continue;
        editedAtMs.set(thread.id, world.clock.monotonicMs());
        return after(BETWEEN_UPDATES_MS);
      }
      return idle;
    } catch (thrown) {
      const limit = waitForLimit(thrown);
      if (limit) return limit;
      if (asDrError(thrown).code !== 'CHAT_UNAVAILABLE' && refusalOf(thrown) === undefined) throw thrown;
      return after(WHILE_UNREACHABLE_MS);
    }
  };
}

/** True when something was sent. */
async function refresh(world: PosterWorld, thread: Thread): Promise<boolean> {
  const [old] = thread.retired;
  if (old) {
    await edit(world, thread, old.place, old.card);
    const isOther = (each: Thread['retired'][number]) => each.place.ts !== old.place.ts;
    await changeRecord(world.threads, thread.id, (now) => ({ ...now, retired: now.retired.filter(isOther) }));
    return true;
  }
  if (!thread.root) return false;
  await keepLink(world, thread);
  const card = await renderedCard(world, thread);
  if (!card) return false;
  const cardHash = hashOf(card);
  if (cardHash === thread.cardHash) {
    await restIfOld(world, thread);
    return false;
  }
  const movedAt = world.clock.now();
  const sent = await edit(world, thread, thread.root, card);
  if (!sent) await loseRoot(world, thread);
  else
    await changeRecord(world.threads, thread.id, (now) =>
      now.root?.ts === thread.root?.ts ? { ...now, cardHash, movedAt } : undefined,
    );
  return true;
}

/** False when the message is gone. A card refused for its form counts as sent: the same would be refused again. */
async function edit(world: PosterWorld, thread: Thread, place: { channel: string; ts: string }, card: Card) {
  try {
    await world.chat.update(place, card);
    return true;
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (refusal !== 'message' && refusal !== 'place') throw thrown;
    world.onTrouble(`the card of ${thread.id} was refused`, asDrError(thrown));
    return refusal === 'message';
  }
}

async function restIfOld(world: PosterWorld, thread: Thread): Promise<void> {
  if (world.clock.now().getTime() - thread.movedAt.getTime() < LIVE_FOR_MS) return;
  await changeRecord(world.threads, thread.id, (now) =>
    now.movedAt.getTime() === thread.movedAt.getTime() ? { ...now, live: false } : undefined,
  );
}

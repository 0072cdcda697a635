import { asDrError, type PersonId } from '#core';
import { type Card, type ControlStore, changeRecord, directChannel, insertNew } from '#ports';
import { refusalOf, waitForLimit } from './deliver.ts';
import { after, idle, type Next, type PosterWorld } from './poster-parts.ts';
import { type DirectMessage, openDirectMessages } from './thread.ts';

const WHILE_UNREACHABLE_MS = 3000;
/** Each person is a channel of their own, so this only keeps bursts small. */
const BETWEEN_MS = 250;

/**
 * Puts a message to one person into the outbox; the poster delivers it once, when the chat can be reached, but not
 * after `until`. Idempotent by `id`.
 */
export async function queueDirectMessage(
  store: ControlStore,
  message: { readonly id: string; readonly person: PersonId; readonly card: Card; readonly until: Date },
): Promise<void> {
  const queuedAt = await store.now();
  await insertNew(openDirectMessages(store), { ...message, state: 'waiting', tries: 0, queuedAt });
}

/** When a message to one person was there; undefined while it waits, and where it was refused. */
export const whenSent = async (store: ControlStore, id: string): Promise<Date | undefined> =>
  (await openDirectMessages(store).get(id))?.value.sentAt;

/** Sends the oldest message that waits. */
export async function sendNextDirect(world: PosterWorld): Promise<Next> {
  const query = { where: { state: 'waiting' }, sort: { by: 'queuedAt', order: 'ascending' }, limit: 1 } as const;
  const [oldest] = await world.directs.find(query);
  if (!oldest) return idle;
  try {
    await send(world, oldest.value);
    return after(BETWEEN_MS);
  } catch (thrown) {
    const limit = waitForLimit(thrown);
    if (limit) return limit;
    if (asDrError(thrown).code !== 'CHAT_UNAVAILABLE' && refusalOf(thrown) !== 'access') throw thrown;
    return after(WHILE_UNREACHABLE_MS);
  }
}

async function send(world: PosterWorld, message: DirectMessage): Promise<void> {
  const end = (how: Partial<DirectMessage> & Pick<DirectMessage, 'state'>) =>
    changeRecord(world.directs, message.id, (current) => ({ ...current, ...how }));
  if ((await world.store.now()) > message.until) {
    await end({ state: 'late' });
    return;
  }
  // Counted before it is sent: whoever finds a count above 0 knows that it may have arrived.
  await changeRecord(world.directs, message.id, (current) => ({ ...current, tries: current.tries + 1 }));
  try {
    const channel = directChannel(message.person);
    const sequence = `direct-${message.id}`;
    const there = message.tries > 0 ? await world.chat.findPosted(channel, undefined, sequence) : undefined;
    const place = there ?? (await world.chat.direct(message.person, message.card, sequence));
    await end({ state: 'sent', place, sentAt: await world.store.now() });
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (refusal !== 'message' && refusal !== 'place') throw thrown;
    const error = asDrError(thrown);
    world.onTrouble(`a direct message to ${message.person} was refused`, error);
    await end({ state: 'refused', refusal: String(error.data['error'] ?? error.message) });
  }
}

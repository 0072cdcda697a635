import { type Card, type ControlStore, changeRecord } from '#ports';
import type { ThreadId } from './entry.ts';
import { openThreads, type Thread } from './thread.ts';

/**
 * Ends a request's card as `ended` shows it and has a new root message posted; later lines go under the new one. Editing a
 * card calls nobody, so whatever needs people anew needs a new message. `number` counts the request's cards from 1:
 * the same number again changes nothing. Any process may ask; the one that posts does it.
 */
export async function newRoot(store: ControlStore, thread: ThreadId, number: number, ended: Card): Promise<void> {
  await changeRecord(openThreads(store), thread, ({ root, cardHash: _, ...current }: Thread) => {
    if (current.rootNumber >= number) return undefined;
    const retired = root ? [...current.retired, { place: root, card: ended }] : current.retired;
    return { ...current, retired, rootNumber: number, rootWanted: true, live: true };
  });
}

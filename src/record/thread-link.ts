import type { ControlStore } from '#ports';
import type { ThreadId } from './entry.ts';
import { openThreads } from './thread.ts';

/** Where a thread is opened, as the process that posts noted it; undefined while it was not posted. */
export async function threadLink(store: ControlStore, thread: ThreadId): Promise<string | undefined> {
  return (await openThreads(store).get(thread))?.value.link?.url;
}

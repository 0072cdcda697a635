import { type Clock, formatUtc, type IncidentId } from '#core';
import type { IncidentLink } from '#incidents';
import type { ControlStore } from '#ports';
import { chatUnreachableSince, threadLink } from '#record';

/** A thread is posted within two seconds of its incident, and the first page of an incident is made within one. */
const WAIT_MS = 3_000;
const LOOK_EVERY_MS = 250;
/** Where nobody posts, pages do not wait for it one after the other. */
const NOT_AGAIN_FOR_MS = 60_000;

/**
 * Where the thread of an incident is opened, for what reaches people outside the chat. Waits a moment for a thread that is just
 * being posted, but never for a chat that is away: a page that comes late is worse than one without a link. Throws
 * STORE_UNAVAILABLE (transient).
 */
export function createIncidentLinks({
  store,
  clock,
  channel,
}: {
  readonly store: ControlStore;
  readonly clock: Clock;
  /** As people call it. */
  readonly channel: string;
}): (incident: IncidentId) => Promise<IncidentLink> {
  let vainAtMs: number | undefined;
  const mayWait = (): boolean => vainAtMs === undefined || clock.monotonicMs() - vainAtMs >= NOT_AGAIN_FOR_MS;
  return async (incident) => {
    const untilMs = clock.monotonicMs() + WAIT_MS;
    for (;;) {
      const url = await threadLink(store, incident);
      if (url !== undefined) return { url };
      const terminal = `In a terminal: dr incident show ${incident}`;
      const since = await chatUnreachableSince(store);
      if (since) {
        const words = formatUtc(since, await store.now());
        return { without: `none, Slack has not been reached since ${words}. ${terminal}` };
      }
      if (!mayWait() || clock.monotonicMs() >= untilMs) {
        if (mayWait()) vainAtMs = clock.monotonicMs();
        return { without: `none, its thread in ${channel} is not posted yet. ${terminal}` };
      }
      await clock.sleep(LOOK_EVERY_MS);
    }
  };
}

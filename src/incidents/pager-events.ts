import { z } from 'zod';
import { DrError } from '#core';
import { type ControlStore, insertNew, type Records } from '#ports';
import { hearAcknowledged, hearResolved, incidentOfKey } from './hear-pager.ts';
import type { IncidentsWorld } from './world.ts';

/** A webhook of the pager, as its adapter read it. */
export interface PagerEvent {
  /** The delivery's id. */
  readonly id: string;
  readonly type: 'triggered' | 'acknowledged' | 'unacknowledged' | 'resolved' | 'other';
  readonly occurredAt: Date;
  /** Our key. */
  readonly key: string;
  /** Who did it, by the pager's user id. */
  readonly user: string | undefined;
}

/** Deliveries that were taken; the same one again changes nothing. */
const KeptEvent = z.object({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  occurredAt: z.date(),
  keptAt: z.date(),
});
type KeptEvent = z.output<typeof KeptEvent>;

const keptEventsIn = (store: ControlStore): Records<KeptEvent> =>
  store.records('pager-events', KeptEvent, { indexed: ['keptAt'] });

/**
 * What the pager told by itself. taken: it changed something. stale: it says nothing that we do not know, or is of a key that
 * calls no more. Idempotent: by its id, and what it does is keyed by what happened there, so a crash in between is made good
 * by the pager's next try or by the next sweep.
 */
export async function onPagerEvent(
  world: IncidentsWorld,
  event: PagerEvent,
): Promise<{ readonly how: 'taken' | 'known' | 'stale' | 'not-ours' }> {
  const kept = keptEventsIn(world.store);
  if (await kept.get(event.id)) return { how: 'known' };
  const incident = incidentOfKey(event.key);
  if (!incident) return { how: 'not-ours' };
  const what = { key: event.key, user: event.user, at: event.occurredAt };
  let isTaken = false;
  try {
    if (event.type === 'acknowledged') isTaken = await hearAcknowledged(world, incident, what);
    if (event.type === 'resolved') isTaken = await hearResolved(world, incident, what);
  } catch (thrown) {
    // it ended while we looked
    if (!(thrown instanceof DrError && thrown.kind === 'user')) throw thrown;
  }
  const { id, key, type, occurredAt } = event;
  await insertNew(kept, { id, key, type, occurredAt, keptAt: await world.store.now() });
  return { how: isTaken ? 'taken' : 'stale' };
}

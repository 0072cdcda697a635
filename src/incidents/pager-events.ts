import { DrError } from '#core';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

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

/** What the pager told by itself. Idempotent by its id; what is older than what we know changes nothing. */
export async function onPagerEvent(
  _world: IncidentsWorld,
  _event: PagerEvent,
): Promise<{ readonly how: 'taken' | 'known' | 'stale' | 'not-ours' }> {
  throw notYet;
}

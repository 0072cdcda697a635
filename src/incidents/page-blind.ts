import { DrError, type Text } from '#core';
import type { IncidentsWorld } from './world.ts';

/** What is paged without any record: the control store does not answer. */
export interface BlindPage {
  /** Which thing; the same one pages once, however many see it. */
  readonly key: string;
  readonly title: string;
  readonly effect: Text;
  readonly since: Date;
}

/** What came of it, for the log; the record can't be reached. */
export interface BlindOutcome {
  readonly pager: 'accepted' | 'refused' | 'none';
  readonly notices: number;
}

/**
 * Pages whoever is on duty for a Sev-1 by the plan alone, with no control store: the pager under a key made of `key`, and
 * where it does not answer the gateways. Never throws; may be repeated as often as one likes.
 */
export async function pageBlind(
  _world: Pick<IncidentsWorld, 'plan' | 'roster' | 'duty' | 'pager' | 'notifiers'>,
  _what: BlindPage,
): Promise<BlindOutcome> {
  throw new DrError('UNEXPECTED', 'bug', 'not yet');
}

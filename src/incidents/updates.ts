import { DrError } from '#core';
import type { Outcome, Proposing, Snoozing, Updating } from './asked.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** The word to stakeholders; the next is due after the severity's time. */
export async function postUpdate(_world: IncidentsWorld, _asked: Updating): Promise<Outcome> {
  throw notYet;
}

/** The reminder comes at `until` instead. */
export async function postponeUpdate(_world: IncidentsWorld, _asked: Snoozing): Promise<Outcome> {
  throw notYet;
}

/** The incident knows this request as a way out of it. Idempotent. */
export async function addProposal(_world: IncidentsWorld, _asked: Proposing): Promise<Outcome> {
  throw notYet;
}

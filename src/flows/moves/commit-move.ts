import { DrError, formatUtc, mention, type RequestId, say } from '#core';
import { MOVES } from '#failover';
import type { Card } from '#ports';
import { demandCommit, newestDone, type RunRecord } from '#workflow';
import type { Decider } from '../decide-request.ts';
import { plain } from '../errors-to-card.ts';
import type { Flow } from '../flow.ts';
import { tell } from '../tell.ts';
import { settlesAt } from './last-move.ts';

/**
 * Says that the last move is to stay: the next one may be proposed, or start by itself, before the plan's time is over. Changes
 * nothing else; the way back is what it was. Throws WRONG_STATE (user) where there is nothing to end.
 */
export async function commitMove<World>(id: RequestId, { person }: Decider, flow: Flow<World>): Promise<Card> {
  if (!person)
    throw new DrError('NOT_ALLOWED', 'user', 'Only a person of the roster commits a move. Nothing was changed.');
  const run = (await flow.journal.get(id))?.value;
  const now = await flow.store.now();
  refuseSettled(id, run, now, flow);
  const last = await newestDone(flow.journal, MOVES);
  if (last && last.id !== id) throw nothingToEnd(`${last.id} moved the system since ${id}`, `/dr commit ${last.id}`);
  await demandCommit(flow.journal, id, { by: person, at: now });
  const request = (await flow.requests.get(id))?.value;
  const text = say`${mention(person)} committed it: another move may be proposed again`;
  if (request) await tell(flow, request, 'note', text, { actor: person, part: 'committed' });
  return plain(`${id} is committed.`, [
    say`${id} is committed. Holdfast may propose a move again, and start one where the plan lets it.`,
    ['The way back is what it was.'],
  ]);
}

function refuseSettled<World>(id: RequestId, run: RunRecord | undefined, now: Date, { plan }: Flow<World>): void {
  if (!run || !MOVES.includes(run.workflow)) throw nothingToEnd(`${id} is not a move`, '/dr status');
  if (run.state !== 'done' || !run.endedAt) throw nothingToEnd(`${id} is ${run.state}`, `/dr show ${id}`);
  const { committed } = run;
  if (committed) throw nothingToEnd(`${id} was committed at ${formatUtc(committed.at, now)}`, `/dr show ${id}`);
  const until = settlesAt(run.endedAt, plan);
  if (now >= until) throw nothingToEnd(`${id} counts as committed since ${formatUtc(until, now)}`, `/dr show ${id}`);
}

const nothingToEnd = (why: string, hint: string): DrError =>
  new DrError('WRONG_STATE', 'user', `${why}. Nothing was changed.`, { hint });

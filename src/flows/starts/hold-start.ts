import { at, type PersonId, say } from '#core';
import { type Card, changeRecord } from '#ports';
import { plain } from '../errors-to-card.ts';
import type { Flow } from '../flow.ts';
import type { RequestRecord } from '../request-record.ts';
import { retellRequest } from '../tell-request.ts';
import { comingStart } from './coming-start.ts';

/**
 * Somebody says no to a start by itself; from then on it waits for approvals. Undefined where it does not wait to start: it
 * has started, it is over, or only approvals start it.
 */
export async function holdStart<World>(
  request: RequestRecord,
  reason: string | undefined,
  by: PersonId,
  flow: Flow<World>,
): Promise<Card | undefined> {
  const now = await flow.store.now();
  const { id, voids } = request;
  const held = await changeRecord(flow.requests, id, (current) => {
    const { starts, state } = current;
    if (state !== 'waiting' || current.voids !== voids || !starts || starts.off) return undefined;
    const off = { at: now, by, ...(reason ? { why: reason } : {}) };
    return { ...current, starts: { ...starts, off }, untold: true as const };
  });
  const off = held?.state === 'waiting' ? held.starts?.off : undefined;
  if (!held || !off) return undefined;
  if (held.untold) await retellRequest(held, flow);
  const was = comingStart(request);
  const own = off.by === by && off.at.getTime() === now.getTime();
  const head = own ? `You hold ${id}.` : `${id} is held already.`;
  return plain(head, [
    say`${head} It does not start${was ? say` at ${at(was)}` : ' by itself'}; it waits for approvals. Nothing was changed.`,
  ]);
}

import { at, DrError, mention, type RequestId, say } from '#core';
import { type Card, changeRecord } from '#ports';
import { demandClose } from '#workflow';
import { authoriseSteering } from './authorise.ts';
import { requestUnknown } from './consent.ts';
import type { Decider } from './decide-request.ts';
import { plain } from './errors-to-card.ts';
import type { Flow } from './flow.ts';
import { tell } from './tell.ts';
import { settleTold, tellDecided } from './tell-request.ts';

/** The asker takes a waiting request back; a failed run is closed, so that the next movement may start. */
export async function cancel<World>(id: RequestId, by: Decider, flow: Flow<World>): Promise<Card> {
  const request = (await flow.requests.get(id))?.value;
  if (!request) throw requestUnknown(id);
  const run = (await flow.journal.get(id))?.value;
  if (run?.state === 'failed') {
    const closer = authoriseSteering('stop', by, flow);
    await demandClose(flow.journal, id, { by: closer, at: await flow.store.now() });
    await tell(flow, request, 'note', say`${mention(closer)} closed the failed run. It stays as it is.`, {
      actor: closer,
      part: 'closed',
    });
    return plain(`${id} is closed.`, [
      [`${id} is closed as it is. Nothing was put back; the next movement may start.`],
    ]);
  }
  if (by.person === undefined || by.person !== request.asker.person) {
    throw new DrError(
      'NOT_ALLOWED',
      'user',
      `Only ${request.asker.name}, who asked, can cancel ${id}. Nothing was changed.`,
      {
        hint: `Approvers deny: /dr deny ${id} --reason "..."`,
      },
    );
  }
  const canceller = by.person;
  const now = await flow.store.now();
  const cancelled = await changeRecord(flow.requests, id, (current) =>
    current.state === 'waiting'
      ? { ...current, state: 'cancelled' as const, decidedAt: now, decidedBy: canceller, untold: true as const }
      : undefined,
  );
  if (cancelled?.state !== 'cancelled') {
    throw new DrError('WRONG_STATE', 'user', `${id} is ${cancelled?.state ?? 'gone'}; there is nothing to cancel.`, {
      hint: `To stop what runs: /dr stop ${id}`,
    });
  }
  await tellDecided(cancelled, flow);
  await settleTold(cancelled, flow);
  return plain(`${id} is cancelled.`, [say`${id} is cancelled ${at(now)}. Nothing was changed.`]);
}

import { at, DrError, mention, outside, type RequestId, say } from '#core';
import type { Card } from '#ports';
import { demandHoldAt } from '#workflow';
import { authoriseSteering } from './authorise.ts';
import type { Decider } from './decide-request.ts';
import { plain } from './errors-to-card.ts';
import type { Flow } from './flow.ts';
import { stepNamed } from './hold-at.ts';
import { tell } from './tell.ts';

/** Has a run hold by itself before a step that it has not come to. As `holdPointNamed` and `demandHoldAt`. */
export async function holdLater<World>(
  id: RequestId,
  { step: typed, reason }: { readonly step: string; readonly reason?: string | undefined },
  by: Decider,
  flow: Flow<World>,
): Promise<Card> {
  const person = authoriseSteering('hold', by, flow);
  const request = (await flow.requests.get(id))?.value;
  const run = (await flow.journal.get(id))?.value;
  if (!request?.preview || !run) {
    throw new DrError('REQUEST_UNKNOWN', 'user', `${id} has not started. Nothing was changed.`, {
      hint: 'A hold point can be asked for with the command: --hold-at <step>',
    });
  }
  const { name, position } = stepNamed(typed, request.preview.preview.job, run.input, flow);
  const now = await flow.store.now();
  await demandHoldAt(flow.journal, id, { by: person, at: now, step: name, ...(reason ? { reason } : {}) });
  const why = reason ? [': ', outside(reason)] : [];
  const text = say`${mention(person)} asked to hold before step ${position}, ${name}${why}`;
  await tell(flow, request, 'note', text, { actor: person, part: `hold-at/${now.getTime()}` });
  return plain(`${id} will hold before step ${position}.`, [
    say`${id} will hold by itself before step ${position} (${name}). Asked ${at(now)}.`,
  ]);
}

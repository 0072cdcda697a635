import { at, DrError, mention, outside, type RequestId, say, type Text } from '#core';
import type { Card } from '#ports';
import { demandGoOn, demandHold, demandStop, type RunRecord } from '#workflow';
import { authoriseSteering } from './authorise.ts';
import type { Decider } from './decide-request.ts';
import { plain } from './errors-to-card.ts';
import type { Flow } from './flow.ts';
import { holdStart } from './starts/hold-start.ts';
import { tell } from './tell.ts';

/** Holds a run after its present step, or keeps one that waits from starting by itself. */
export async function hold<World>(
  id: RequestId,
  reason: string | undefined,
  by: Decider,
  flow: Flow<World>,
): Promise<Card> {
  const person = authoriseSteering('hold', by, flow);
  const request = (await flow.requests.get(id))?.value;
  const kept = request?.starts && (await holdStart(request, reason, person, flow));
  if (kept) return kept;
  const now = await flow.store.now();
  const run = await demandHold(flow.journal, id, { by: person, at: now, ...(reason ? { reason } : {}) });
  const step = run.steps.find(({ state }) => state === 'started')?.name;
  const text = say`${mention(person)} asked to hold${step ? ` after ${step}` : ''}${reason ? [': ', outside(reason)] : []}`;
  await tellDemand(id, 'hold', now, text, person, flow);
  const careful = placeOf(run, flow);
  return plain(`${id} will hold.`, [
    say`${id} will hold ${step ? `after the step it is at (${step})` : 'before its next step'}. Asked ${at(now)}.`,
    ...careful,
  ]);
}

/** Said at once where it is no good to stay: whoever holds it then knows that somebody waits for it to go on. */
function placeOf<World>({ workflow, steps }: RunRecord, { jobs }: Flow<World>): Text[] {
  const next = steps.find(({ state }) => state === 'pending')?.name ?? '';
  const point = jobs.find((job) => job.workflow.name === workflow)?.workflow.holdPoints?.[next];
  if (point === undefined || point === 'safe' || next === steps[0]?.name) return [];
  return [[`Careful: ${point.not}. Do not leave it there.`]];
}

/** Stops a run and puts back what it did, while that is possible. */
export async function stop<World>(
  id: RequestId,
  reason: string | undefined,
  by: Decider,
  flow: Flow<World>,
): Promise<Card> {
  const person = authoriseSteering('stop', by, flow);
  const running = (await flow.journal.get(id))?.value;
  if (running) refuseForwardOnly(running, flow);
  const now = await flow.store.now();
  await demandStop(flow.journal, id, { by: person, at: now, ...(reason ? { reason } : {}) });
  await tellDemand(
    id,
    'stop',
    now,
    say`${mention(person)} asked to stop and put back${reason ? [': ', outside(reason)] : []}`,
    person,
    flow,
  );
  await wake(id, flow);
  return plain(`${id} is being stopped.`, [
    say`${id} stops now and puts back what it did. Its card shows how far it is.`,
  ]);
}

/** Lets a held run go on, or has a failed one try its step again. */
export async function goOn<World>(id: RequestId, by: Decider, flow: Flow<World>): Promise<Card> {
  const person = authoriseSteering('resume', by, flow);
  const now = await flow.store.now();
  await demandGoOn(flow.journal, id);
  await tellDemand(id, 'go-on', now, say`${mention(person)} told it to go on`, person, flow);
  await wake(id, flow);
  return plain(`${id} goes on.`, [say`${id} goes on. The step it is at is asked first what already happened.`]);
}

function refuseForwardOnly<World>(run: RunRecord, flow: Flow<World>): void {
  const workflow = flow.jobs.find((job) => job.workflow.name === run.workflow)?.workflow;
  const forward = workflow?.steps.findIndex(({ name }) => name === workflow.forwardFrom) ?? -1;
  const started = run.steps[forward];
  if (forward === -1 || !started || started.state === 'pending') return;
  throw new DrError(
    'WRONG_STATE',
    'user',
    `${run.id} can not be put back any more: from step ${forward + 1} it only goes forward.`,
    {
      hint: `Hold it: /dr hold ${run.id}`,
    },
  );
}

async function tellDemand<World>(
  id: RequestId,
  part: string,
  now: Date,
  text: Parameters<typeof tell>[3],
  person: NonNullable<Decider['person']>,
  flow: Flow<World>,
): Promise<void> {
  const request = (await flow.requests.get(id))?.value;
  if (request)
    await tell(flow, request, part === 'go-on' ? 'resumed' : 'note', text, {
      actor: person,
      part: `${part}/${now.getTime()}`,
    });
}

const wake = <World>(id: RequestId, flow: Flow<World>): Promise<void> =>
  flow.wake.wake({ job: 'run', runId: id }).catch(() => undefined);

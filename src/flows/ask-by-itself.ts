import { RequestId } from '#core';
import type { RunRecord } from '#workflow';
import { commandFlow } from './command-flow.ts';
import type { Flow, Speaker } from './flow.ts';

/**
 * Asks for something that nobody typed: a swap after a restore, a backup after a swap, a backup at its hour. It goes the
 * same way as a person's request, with its own preview and approvals. Idempotent by `intake`.
 */
async function askByItself<World>(line: string, intake: string, speaker: Speaker, flow: Flow<World>): Promise<void> {
  const [asked] = await flow.requests.find({ where: { intake }, limit: 1 });
  // Still checking: whoever asked died before there was a preview. The same request is gone on with.
  if (asked && asked.value.state !== 'checking') return;
  const request = asked?.value.id ?? RequestId.parse(`R-${await flow.store.nextNumber('requests')}`);
  // Nobody waits for an answer: the new request's own card says what became of it.
  const nobody = { say: async () => undefined, refuse: async () => undefined, ask: undefined };
  await commandFlow({ line, speaker, intake, request }, flow, nobody);
}

/** What follows a run that is done, in the name of whoever asked for that run. */
export async function askFollowUp<World>(run: RunRecord, flow: Flow<World>): Promise<void> {
  const line = flow.jobs.find(({ workflow }) => workflow.name === run.workflow)?.followUp(run);
  const request = (await flow.requests.get(run.id))?.value;
  if (line === undefined || run.state !== 'done' || !request) return;
  const { asker, via } = request;
  await askByItself(line, `follow-up:${run.id}`, { ...asker, via, timeZone: flow.plan.timeZone }, flow);
}

/** What the plan's calendar asks for. It may only be what needs nobody's approval. */
export const askOnSchedule = <World>(line: string, occurrence: string, flow: Flow<World>): Promise<void> =>
  askByItself(
    line,
    `schedule:${occurrence}`,
    { name: 'The schedule', team: 'holdfast', user: 'schedule', via: 'schedule', timeZone: flow.plan.timeZone },
    flow,
  );

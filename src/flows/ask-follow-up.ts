import { RequestId } from '#core';
import type { RunRecord } from '#workflow';
import { commandFlow } from './command-flow.ts';
import type { Flow } from './flow.ts';

/**
 * Asks for what follows a run that is done, in the name of whoever asked for that run: a swap after a restore, a backup
 * after a swap. What follows goes its own way, with its own preview and approvals. Idempotent: the run is the intake.
 */
export async function askFollowUp<World>(run: RunRecord, flow: Flow<World>): Promise<void> {
  const line = flow.jobs.find(({ workflow }) => workflow.name === run.workflow)?.followUp(run);
  const request = (await flow.requests.get(run.id))?.value;
  if (line === undefined || run.state !== 'done' || !request) return;
  const intake = `follow-up:${run.id}`;
  const [asked] = await flow.requests.find({ where: { intake }, limit: 1 });
  if (asked) return;
  const { asker, via } = request;
  const speaker = { ...asker, via, timeZone: flow.plan.timeZone };
  const id = RequestId.parse(`R-${await flow.store.nextNumber('requests')}`);
  // Nobody waits for an answer: the new request's own card says what became of it.
  const nobody = { say: async () => undefined, refuse: async () => undefined, ask: undefined };
  await commandFlow({ line, speaker, intake, request: id }, flow, nobody);
}

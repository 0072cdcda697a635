import { RequestId } from '#core';
import type { Incident } from '#incidents';
import type { RunRecord } from '#workflow';
import { commandFlow } from './command-flow.ts';
import type { Asking, Flow } from './flow.ts';

/**
 * Asks for something that nobody typed: a swap after a restore, a backup after a swap, a backup at its hour. It goes the
 * same way as a person's request, with its own preview and approvals. Idempotent by `intake`.
 */
async function askByItself<World>(asking: Omit<Asking, 'request'>, flow: Flow<World>): Promise<void> {
  const { intake } = asking;
  const [asked] = await flow.requests.find({ where: { intake }, limit: 1 });
  // Still checking: whoever asked died before there was a preview. The same request is gone on with.
  if (asked && asked.value.state !== 'checking') return;
  const request = asked?.value.id ?? RequestId.parse(`R-${await flow.store.nextNumber('requests')}`);
  // Nobody waits for an answer: the new request's own card says what became of it.
  const nobody = { say: async () => undefined, refuse: async () => undefined, ask: undefined };
  await commandFlow({ ...asking, request }, flow, nobody);
}

/** What follows a run that is done, in the name of whoever asked for that run. */
export async function askFollowUp<World>(run: RunRecord, flow: Flow<World>): Promise<void> {
  const line = flow.jobs.find(({ workflow }) => workflow.name === run.workflow)?.followUp(run);
  const request = (await flow.requests.get(run.id))?.value;
  if (line === undefined || run.state !== 'done' || !request) return;
  const { asker, via } = request;
  const speaker = { ...asker, via, timeZone: flow.plan.timeZone };
  await askByItself({ line, intake: `follow-up:${run.id}`, speaker }, flow);
}

/** Under which an incident's proposal is asked for: once, and once more each time it is opened again. */
export const proposalKey = ({ id, reopened }: Pick<Incident, 'id' | 'reopened'>): string =>
  `proposal:${id}/${reopened}`;

/** What an incident asks for: its preview and its card are like anybody's, and people approve it. */
export async function askForIncident<World>(line: string, incident: Incident, flow: Flow<World>): Promise<void> {
  const { timeZone } = flow.plan;
  const speaker = { name: 'Holdfast', team: 'holdfast', user: 'holdfast', via: 'incident', timeZone } as const;
  await askByItself({ line, intake: proposalKey(incident), speaker, incident: incident.id }, flow);
}

/**
 * What the plan's calendar asks for. It may only be what needs nobody's approval. `quiet`: the channel hears of it only
 * when it goes wrong.
 */
export async function askOnSchedule<World>(
  line: string,
  occurrence: string,
  flow: Flow<World>,
  { quiet }: { readonly quiet: boolean } = { quiet: false },
): Promise<void> {
  const { timeZone } = flow.plan;
  const speaker = { name: 'The schedule', team: 'holdfast', user: 'schedule', via: 'schedule', timeZone } as const;
  await askByItself({ line, intake: `schedule:${occurrence}`, speaker, quiet }, flow);
}

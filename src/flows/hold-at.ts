import type { AnyCommand, Asked, Preview } from '#chatops';
import { at, DrError, mention, outside, type PersonId, type RequestId, say } from '#core';
import type { Card } from '#ports';
import { type ComingHold, demandHoldAt, holdPointNamed, type NamedStep } from '#workflow';
import { authoriseSteering } from './authorise.ts';
import type { Decider } from './decide-request.ts';
import { plain } from './errors-to-card.ts';
import type { Flow } from './flow.ts';
import type { RequestRecord } from './request-record.ts';
import { tell } from './tell.ts';

/**
 * The preview of what was asked, with the step before which it is to hold by itself among its facts: it is approved like them.
 * Throws what the command's preview throws, and what `holdPointNamed` does.
 */
export async function previewOf<World>(
  command: AnyCommand<World>,
  { args, holdAt }: { readonly args: unknown; readonly holdAt?: string | undefined },
  asked: Asked,
  flow: Flow<World>,
): Promise<Preview> {
  if (command.does.kind !== 'runs') throw new DrError('UNEXPECTED', 'bug', `${command.name} runs nothing.`);
  const preview = await command.does.preview(args, asked, flow.world);
  if (holdAt === undefined) return preview;
  const { name, position, todo } = stepNamed(holdAt, preview.job, preview.payload, flow);
  const lines = [[`It holds by itself before step ${position} (${lower(todo)}), and goes on at /dr resume.`]];
  return {
    ...preview,
    facts: { ...preview.facts, holdAt: name },
    sections: [...preview.sections, { heading: 'Hold point', lines }],
  };
}

const lower = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

/** The step that people approved it to hold before; undefined where they approved none. */
export function approvedHoldAt(preview: Pick<Preview, 'facts'>): string | undefined {
  const { holdAt } = preview.facts;
  return typeof holdAt === 'string' ? holdAt : undefined;
}

/** The same, for its run. */
export function holdOfRequest({ preview, asker, askedAt }: RequestRecord): ComingHold | undefined {
  const step = preview && approvedHoldAt(preview.preview);
  return step !== undefined && asker.person ? { by: asker.person, at: askedAt, step } : undefined;
}

/** A run holds by itself for a person who asked for it; nobody is there to be asked where the calendar did. */
export function refuseNobodysHold(person: PersonId | undefined, holdAt: string | undefined): void {
  if (holdAt === undefined || person) return;
  throw new DrError('ARGUMENTS_INVALID', 'user', 'Only a person of the roster sets a hold point. Nothing was changed.');
}

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

function stepNamed<World>(typed: string, jobName: string, input: unknown, flow: Flow<World>): NamedStep {
  const job = flow.jobs.find(({ name }) => name === jobName);
  if (!job) throw new DrError('UNEXPECTED', 'bug', `There is no job ${jobName}.`);
  return holdPointNamed(typed, job.workflow, input);
}

import type { AnyCommand, Asked, Preview } from '#chatops';
import { DrError, lower, type PersonId } from '#core';
import { type ComingHold, holdPointNamed, type NamedStep } from '#workflow';
import type { Flow } from './flow.ts';
import type { RequestRecord } from './request-record.ts';

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

/** The step that was meant, of this job. Throws as `holdPointNamed`. */
export function stepNamed<World>(typed: string, jobName: string, input: unknown, flow: Flow<World>): NamedStep {
  const job = flow.jobs.find(({ name }) => name === jobName);
  if (!job) throw new DrError('UNEXPECTED', 'bug', `There is no job ${jobName}.`);
  return holdPointNamed(typed, job.workflow, input);
}

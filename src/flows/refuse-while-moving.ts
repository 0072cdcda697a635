import { DrError } from '#core';
import { lockHolder, type RunRecord } from '#workflow';
import type { Flow } from './flow.ts';
import { stepOf } from './standing.ts';

/**
 * Refuses a job of which one run goes at a time, before anybody is bothered with approvals: says which run it is, how far, and how it can be
 * ended where the new one is what helps. LOCKED (user).
 */
export async function refuseWhileMoving<World>(job: string, flow: Flow<World>): Promise<void> {
  const exclusive = flow.jobs.find(({ name }) => name === job)?.workflow.exclusive;
  const holder = exclusive && (await lockHolder(flow.locks, flow.journal, exclusive));
  if (!holder) return;
  const { id } = holder;
  const asked = await flow.requests.get(id);
  const title = asked?.value.preview?.preview.title;
  const about = asked ? ` (${title ? `${title}, ` : ''}asked by ${asked.value.asker.name})` : '';
  const message = `${id}${about} ${standing(holder)}. One ${exclusive} at a time.`;
  throw new DrError('LOCKED', 'user', message, {
    hint: `Look: /dr show ${id}. If the new one is what helps, end it first: /dr stop ${id}`,
    data: { run: id },
  });
}

/** `is at step 3 of 8`. */
function standing(run: RunRecord): string {
  const step = stepOf(run);
  switch (run.state) {
    case 'waiting':
      return 'is about to start';
    case 'held':
      return `is held before ${step}`;
    case 'failed':
      return `has failed at ${step} and waits for a person`;
    case 'putting-back':
      return 'is being put back';
    default:
      return `is at ${step}`;
  }
}

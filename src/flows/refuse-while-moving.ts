import { DrError } from '#core';
import { lockHolder, type RunRecord } from '#workflow';
import type { Flow } from './flow.ts';

/**
 * One movement at a time, said before anybody is bothered with approvals: which one holds the word, how far it is, and how it can be
 * ended where the new one is what helps. LOCKED (user).
 */
export async function refuseWhileMoving<World>(exclusive: string | undefined, flow: Flow<World>): Promise<void> {
  const holder = exclusive && (await lockHolder(flow.locks, flow.journal, exclusive));
  if (!holder) return;
  const [asked, run] = await Promise.all([flow.requests.get(holder), flow.journal.get(holder)]);
  const title = asked?.value.preview?.preview.title;
  const about = asked ? ` (${title ? `${title}, ` : ''}asked by ${asked.value.asker.name})` : '';
  const message = `${holder}${about} ${run ? standing(run.value) : 'is under way'}. One ${exclusive} at a time.`;
  throw new DrError('LOCKED', 'user', message, {
    hint: `Look: /dr show ${holder}. If the new one is what helps, end it first: /dr stop ${holder}`,
    data: { run: holder },
  });
}

/** `is at step 3 of 8`. */
function standing({ state, steps }: RunRecord): string {
  const done = steps.filter((step) => step.state === 'done').length;
  const step = `step ${Math.min(done + 1, steps.length)} of ${steps.length}`;
  switch (state) {
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

import { at, type DrError, say } from '#core';
import type { Carrier } from './carrier.ts';
import type { AnyStep } from './define-workflow.ts';
import { eventKey } from './run-events.ts';
import type { RunRecord, StepRecord } from './run-record.ts';
import { withStep } from './with-step.ts';

/** Retries that belong to a step's ordinary course, an election for instance, are over before; then so often. */
const SHOWN_AFTER_MS = 5_000;
/** From then on it is a fact of the record: somebody may have to help. */
const TOLD_AFTER_MS = 60_000;
const UNDER_WAY: ReadonlySet<StepRecord['state']> = new Set(['started', 'undoing']);

/**
 * Watches what a step, or putting it back, is tried again for. Whoever waits for it sees in its message what it waits for, and after a minute the thread
 * has it, once. Never throws: what could not be shown is shown at the next try.
 */
export function stepTrouble<World>(
  step: AnyStep<unknown, World>,
  index: number,
  run: RunRecord,
  carrier: Carrier<World>,
): (error: DrError) => Promise<void> {
  const { clock, journal } = carrier;
  let since: Date | undefined;
  let shownAt: Date | undefined;
  let times = 0;
  let told = false;
  return async ({ message }) => {
    const now = clock.now();
    since ??= now;
    times += 1;
    const failingMs = now.getTime() - since.getTime();
    if (now.getTime() - (shownAt ?? since).getTime() >= SHOWN_AFTER_MS) {
      shownAt = now;
      const text = say`tried ${times} times since ${at(since)}, last ${at(now)}: ${message}`;
      await journal
        .write((record) =>
          withStep(record, index, (line) => (UNDER_WAY.has(line.state) ? { ...line, progress: { text } } : line)),
        )
        .catch(() => undefined);
    }
    if (failingMs < TOLD_AFTER_MS || told) return;
    const undoing = run.steps[index]?.state === 'undoing';
    const trouble = {
      kind: 'step-trouble',
      key: eventKey(run.id, 'step', step.name, undoing ? 'undo-trouble' : 'trouble'),
      run,
      step: step.name,
      position: index + 1,
      undoing,
      since,
      message,
    } as const;
    told = await carrier.tell(trouble).then(
      () => true,
      () => false,
    );
  };
}

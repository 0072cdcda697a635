import { asDrError, DrError } from '#core';
import type { Carrier } from './carrier.ts';
import type { AnyStep, StepContext } from './define-workflow.ts';
import { watchDemands } from './journal.ts';
import { keepTrying } from './keep-trying.ts';
import type { Failure, RunRecord, StepRecord } from './run-record.ts';
import { withStep } from './with-step.ts';

/** How long a step whose signal was aborted may take to notice, before its worker goes on without it. */
const NOTICE_MS = 2_000;

type Outcome = { kind: 'done'; run: RunRecord } | { kind: 'failed'; run: RunRecord; error: DrError };

/**
 * Does one step, write-ahead: `started` is in the journal before anything happens, `done` with the output after it.
 * A step found `started` (a crash) or `failed` (somebody may have helped by hand) is first asked what the world shows.
 */
export async function performStep<World>(
  step: AnyStep<unknown, World>,
  index: number,
  before: RunRecord,
  carrier: Carrier<World>,
): Promise<Outcome> {
  const { journal, clock } = carrier;
  const again = before.steps[index]?.state === 'started' || before.steps[index]?.state === 'failed';
  const startedAt = clock.now();
  const startedMs = clock.monotonicMs();
  let run = await journal.write((now) =>
    withStep(now, index, (record) => ({
      ...record,
      state: 'started',
      attempts: record.attempts + 1,
      startedAt: record.startedAt ?? startedAt,
    })),
  );
  const tried = await tryStep(step, index, run, carrier, again).then(
    (output) => ({ output }),
    (thrown: unknown) => ({ error: asDrError(thrown) }),
  );
  // What the journal itself throws below is not the step's failure: the run is left as it is, and the next worker
  // asks the world whether the step happened.
  carrier.lease.signal.throwIfAborted();
  if ('error' in tried) {
    const failure = failureOf(tried.error);
    run = await journal.write((now) =>
      withStep(now, index, (record) => ({ ...record, state: 'failed', endedAt: clock.now(), failure })),
    );
    return { kind: 'failed', run, error: tried.error };
  }
  run = await journal.write((now) =>
    withStep(now, index, ({ progress: _old, failure: _past, ...record }) => ({
      ...record,
      state: 'done',
      output: tried.output,
      endedAt: clock.now(),
      tookMs: again
        ? clock.now().getTime() - (record.startedAt ?? startedAt).getTime()
        : clock.monotonicMs() - startedMs,
    })),
  );
  return { kind: 'done', run };
}

async function tryStep<World>(
  step: AnyStep<unknown, World>,
  index: number,
  run: RunRecord,
  carrier: Carrier<World>,
  ask: boolean,
): Promise<unknown> {
  return keepTrying({ step, index, run }, carrier, (attempt) =>
    withDeadline(step, index, run, carrier, async (context) => {
      const seen = ask || attempt > 0 ? await step.observe(context) : undefined;
      return step.output.parse(seen?.happened ? seen.output : await step.run(context));
    }),
  );
}

/** Runs a piece of a step under its deadline, the lease and people's demand to stop, whichever ends first. */
export async function withDeadline<World, Result>(
  step: AnyStep<unknown, World>,
  index: number,
  run: RunRecord,
  carrier: Carrier<World>,
  work: (context: StepContext<unknown, Record<string, unknown>, World>) => Promise<Result>,
  stoppable = true,
): Promise<Result> {
  const cut = new AbortController();
  const signal = AbortSignal.any([cut.signal, carrier.lease.signal]);
  const timer = setTimeout(() => {
    const seconds = Math.round(step.timeoutMs / 1000);
    cut.abort(new DrError('STEP_TIMEOUT', 'permanent', `Step "${step.name}" took longer than its ${seconds} s.`));
  }, step.timeoutMs);
  const watch = new AbortController();
  const watching = stoppable
    ? watchDemands(carrier.journal, carrier.clock, AbortSignal.any([signal, watch.signal]), ({ by }) =>
        cut.abort(new DrError('STOPPED', 'permanent', `Stopped by ${by}.`)),
      )
    : Promise.resolve();
  const reporter = progressReporter(index, carrier);
  const working = work({
    runId: run.id,
    input: run.input,
    done: doneOutputs(run),
    world: carrier.world,
    clock: carrier.clock,
    signal,
    report: reporter.report,
  });
  try {
    return await Promise.race([working, ended(signal, working)]);
  } finally {
    clearTimeout(timer);
    watch.abort();
    await Promise.all([watching, reporter.flush()]);
  }
}

/** Rejects with the signal's reason, once the work has noticed or had its time to. */
async function ended(signal: AbortSignal, working: Promise<unknown>): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, NOTICE_MS);
  });
  await Promise.race([
    working.then(
      () => undefined,
      () => undefined,
    ),
    patience,
  ]);
  clearTimeout(timer);
  throw signal.reason;
}

/** Keeps only the newest report and writes at most one a second: a journal write costs a majority round trip. */
function progressReporter<World>(
  index: number,
  carrier: Carrier<World>,
): { report: StepContext<unknown, unknown, World>['report']; flush: () => Promise<void> } {
  let newest: StepRecord['progress'] | undefined;
  let writing: Promise<void> | undefined;
  let writtenMs = Number.NEGATIVE_INFINITY;
  const write = async (): Promise<void> => {
    const progress = newest;
    newest = undefined;
    writtenMs = carrier.clock.monotonicMs();
    if (progress) {
      // A report that could not be written is only a picture that is not shown; the step itself goes on.
      await carrier.journal
        .write((run) => withStep(run, index, (record) => ({ ...record, progress })))
        .catch(() => undefined);
    }
  };
  return {
    report: ({ text, share }) => {
      newest = { text, ...(share === undefined ? {} : { share }) };
      if (writing || carrier.clock.monotonicMs() - writtenMs < 1_000) return;
      writing = write().finally(() => {
        writing = undefined;
      });
    },
    flush: async () => {
      await writing;
    },
  };
}

export const doneOutputs = (run: RunRecord): Record<string, unknown> =>
  Object.fromEntries(run.steps.filter(({ state }) => state === 'done').map(({ name, output }) => [name, output]));

export function failureOf(error: DrError): Failure {
  const { code, kind, message, hint, data } = error;
  return { code, kind, message, data, ...(hint === undefined ? {} : { hint }) };
}

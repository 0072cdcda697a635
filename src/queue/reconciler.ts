import { asDrError, type Clock, type DrError, RequestId } from '#core';
import type { WakeQueue } from '#ports';

export interface ReconcilerOptions {
  readonly wake: WakeQueue;
  /** The runs that have something to do, oldest first, as the journal knows them. */
  readonly due: () => Promise<readonly RequestId[]>;
  /** Carries a run as far as it goes, or finds that somebody else does. May be called for any run at any time. */
  readonly claim: (run: RequestId) => Promise<void>;
  readonly clock: Clock;
  readonly sweepEveryMs: number;
  /** How many runs this process carries side by side. */
  readonly atOnce: number;
  readonly onTrouble: (what: string, error: DrError) => void;
}

/** Brings runs and this worker together: by wakes when there is a queue, by a sweep of the journal in any case. */
export interface Reconciler {
  /** Resolves when it listens. Throws what the queue throws; the sweep runs even so. */
  start(): Promise<void>;
  /** Takes no more runs. What is under way goes on until its process ends; the next worker takes it over. */
  stop(): Promise<void>;
  /** Runs that this process carries now. */
  carried(): readonly RequestId[];
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { wake, clock, atOnce, onTrouble } = options;
  const carried = new Set<RequestId>();
  const waiting = new Set<RequestId>();
  const ended = new AbortController();
  let sweeping: Promise<void> | undefined;

  /** Never twice in one process: a run that is carried is only noted, and looked at again when it was set down. */
  const offer = (run: RequestId): void => {
    if (ended.signal.aborted) return;
    waiting.add(run);
    takeNext();
  };

  const takeNext = (): void => {
    for (const run of waiting) {
      if (carried.size >= atOnce || ended.signal.aborted) return;
      if (carried.has(run)) continue;
      waiting.delete(run);
      carried.add(run);
      void carry(run);
    }
  };

  const carry = async (run: RequestId): Promise<void> => {
    try {
      await options.claim(run);
    } catch (thrown) {
      onTrouble(`${run} was left for the next worker`, asDrError(thrown));
    }
    carried.delete(run);
    takeNext();
  };

  const sweep = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        // What is carried is due too: offering it would only make it be looked at again for nothing.
        for (const run of await options.due()) if (!carried.has(run)) offer(run);
      } catch (thrown) {
        onTrouble('the look for due runs failed; it is tried again', asDrError(thrown));
      }
      await clock.sleep(options.sweepEveryMs, ended.signal).catch(() => undefined);
    }
  };

  return {
    start: async () => {
      sweeping ??= sweep();
      await wake.listen(async ({ runId }) => {
        // Whoever can write to the queue can put anything there; only the journal says what is to be done.
        const run = RequestId.safeParse(runId);
        if (run.success) offer(run.data);
      });
    },
    stop: async () => {
      ended.abort();
      waiting.clear();
      await sweeping;
    },
    carried: () => [...carried],
  };
}

import { z } from 'zod';
import { ERROR_CODES, PersonId, RequestId, Text } from '#core';

/** Why a step or a run ended badly, as people and programs read it. */
export const Failure = z.object({
  code: z.enum(ERROR_CODES),
  kind: z.enum(['user', 'transient', 'permanent', 'bug']),
  message: z.string(),
  hint: z.string().optional(),
  data: z.record(z.string(), z.unknown()).default({}),
});
export type Failure = z.output<typeof Failure>;

/**
 * One step's line in the journal.
 * pending > started > done; started > failed; and backwards: started | done | failed > undoing > undone.
 */
export const StepRecord = z.object({
  name: z.string(),
  state: z.enum(['pending', 'started', 'done', 'failed', 'undoing', 'undone']),
  attempts: z.number().int(),
  startedAt: z.date().optional(),
  endedAt: z.date().optional(),
  /** By the worker's monotonic clock; absent where a crash fell into the step. */
  tookMs: z.number().optional(),
  output: z.unknown().optional(),
  progress: z.object({ text: Text, share: z.number().optional() }).optional(),
  failure: Failure.optional(),
});
export type StepRecord = z.output<typeof StepRecord>;

/** What a person asked of a run that is under way. */
export const Demand = z.object({ by: PersonId, at: z.date(), reason: z.string().optional() });
export type Demand = z.output<typeof Demand>;

/** A step before which a run holds by itself, once. `at`: when it was asked for. */
export const ComingHold = Demand.extend({ step: z.string() });
export type ComingHold = z.output<typeof ComingHold>;

/**
 * waiting > running > done. A run that goes no further is held (a person said so), failed (waits for a person, or
 * was put back: `putBack`), stopped (put back because a person said so) or refused (its preview no longer held;
 * nothing was changed).
 */
export const RunState = z.enum(['waiting', 'running', 'held', 'putting-back', 'done', 'failed', 'stopped', 'refused']);
export type RunState = z.output<typeof RunState>;

export const RunRecord = z.object({
  id: RequestId,
  workflow: z.string(),
  input: z.unknown(),
  state: RunState,
  /** Whether a worker has something to do: carry it on, or tell how it ended. What the sweep looks for. */
  due: z.boolean(),
  steps: z.array(StepRecord),
  /** Token of the last lease under which this record was written; a smaller one is a worker that was replaced. */
  fence: z.number().int(),
  worker: z.string().optional(),
  /** `point`: it came to a hold point, this step; `at` is then the moment it did. */
  hold: Demand.extend({ point: z.string().optional() }).optional(),
  /** Where it will hold by itself. */
  holdAt: z.array(ComingHold).optional(),
  stop: Demand.optional(),
  /** A failed run that a person declared finished with. */
  closed: Demand.optional(),
  /** One that is done, and that a person said is to stay so. */
  committed: Demand.optional(),
  putBack: z.boolean().default(false),
  failure: Failure.optional(),
  createdAt: z.date(),
  startedAt: z.date().optional(),
  endedAt: z.date().optional(),
});
export type RunRecord = z.output<typeof RunRecord>;

/** Whether a worker carries the run on (the others wait for a person, or for nothing). */
export const isMoving = (run: RunRecord): boolean => ['waiting', 'running', 'putting-back'].includes(run.state);

/** Whether the run will never change again. A failed one may, until it was put back or somebody closed it. */
export const isOver = (run: RunRecord): boolean =>
  ['done', 'stopped', 'refused'].includes(run.state) || (run.state === 'failed' && (run.putBack || !!run.closed));

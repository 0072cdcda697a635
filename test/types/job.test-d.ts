import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { RequestId } from '#core';
import { type EnqueueParts, enqueue } from '#queue';
import { defineWorkflow, notYet } from '#workflow';

const step = {
  says: () => ({ todo: 'Wind', done: 'wound' }),
  observe: async () => notYet,
  output: z.string(),
  run: async () => 'wound',
  timeoutMs: 1,
  retry: { times: 0, everyMs: 0 },
};
const spring = defineWorkflow<object>()('spring', { input: z.object({ turns: z.number() }) })
  .step('wind', step)
  .build();
const bell = defineWorkflow<object>()('bell', { input: z.object({ tone: z.string() }) })
  .step('ring', step)
  .build();

declare const run: RequestId;
declare const parts: EnqueueParts;

test('a job is started with its own payload', () => {
  expectTypeOf(enqueue({ name: 'spring', workflow: spring }, { turns: 3 }, run, parts)).toEqualTypeOf<Promise<void>>();
  void enqueue({ name: 'bell', workflow: bell }, { tone: 'c' }, run, parts);
});

test("a wrong payload, or another job's, does not compile", () => {
  // @ts-expect-error turns is a number
  void enqueue({ name: 'spring', workflow: spring }, { turns: 'three' }, run, parts);
  // @ts-expect-error that is the bell's
  void enqueue({ name: 'spring', workflow: spring }, { tone: 'c' }, run, parts);
  // @ts-expect-error turns is missing
  void enqueue({ name: 'spring', workflow: spring }, {}, run, parts);
  // @ts-expect-error a run has a number
  void enqueue({ name: 'spring', workflow: spring }, { turns: 3 }, 'R-1', parts);
});

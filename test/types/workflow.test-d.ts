import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { defineWorkflow, notYet } from '#workflow';

const start = defineWorkflow<{ clockwork: true }>()('spring', { input: z.object({ turns: z.number() }) });
const common = {
  says: () => ({ todo: 'Wind', done: 'wound' }),
  observe: async () => notYet,
  timeoutMs: 1,
  retry: { times: 0, everyMs: 0 },
};

test('a step reads the outputs of earlier steps, with their types', () => {
  start
    .step('wind', { ...common, output: z.object({ tension: z.number() }), run: async () => ({ tension: 1 }) })
    .step('release', {
      ...common,
      output: z.string(),
      run: async ({ done, input, world }) => {
        expectTypeOf(done.wind.tension).toEqualTypeOf<number>();
        expectTypeOf(input.turns).toEqualTypeOf<number>();
        expectTypeOf(world.clockwork).toEqualTypeOf<true>();
        return 'released';
      },
    });
});

test('reading a later step, or using a name twice, does not compile', () => {
  const wound = start.step('wind', { ...common, output: z.string(), run: async () => 'wound' });
  wound.step('release', {
    ...common,
    output: z.string(),
    // @ts-expect-error strike comes later
    run: async ({ done }) => done.strike,
  });
  // @ts-expect-error the name is taken
  wound.step('wind', { ...common, output: z.string(), run: async () => 'again' });
  // @ts-expect-error not a step of this workflow
  wound.build({ forwardFrom: 'strike' });
});

test('a step without observe does not compile', () => {
  const { observe, ...blind } = common;
  // @ts-expect-error observe is required
  start.step('wind', { ...blind, output: z.string(), run: async () => 'wound' });
});

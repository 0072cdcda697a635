import { z } from 'zod';
import { RequestId, say } from '#core';
import { defineWorkflow, notYet } from '#workflow';
import type { RestoreWorld } from './restore-world.ts';

/** Which restore's own database is to be stopped. */
export const RestoreStopInput = z.object({ restore: RequestId });
export type RestoreStopInput = z.output<typeof RestoreStopInput>;

/**
 * Stops the database that a restore started for itself, and removes its data. It may be on another machine: that this run is
 * done is then what the worker there acts on, within seconds.
 */
export const restoreStopWorkflow = defineWorkflow<RestoreWorld>()('restore-stop', { input: RestoreStopInput })
  .step('stop', {
    output: z.object({ here: z.boolean() }),
    says: ({ restore }) => ({
      todo: `Stop the recovery mongod of ${restore}`,
      done: `the recovery mongod of ${restore} is to stop`,
    }),
    tells: ({ here }, { restore }) =>
      here
        ? say`The recovery mongod of ${restore} is stopped, and its data removed.`
        : say`The recovery mongod of ${restore} is not on this worker's machine: the worker there stops it within seconds.`,
    // stopping what is stopped does nothing
    observe: async () => notYet,
    run: async ({ world, input }) => {
      const here = (await world.recovery.list()).some(({ run }) => run === input.restore);
      await world.recovery.stop(input.restore);
      return { here };
    },
    timeoutMs: 60_000,
    retry: { times: 3, everyMs: 2_000 },
  })
  .build();

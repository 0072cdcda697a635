import { z } from 'zod';
import { defineWorkflow } from '#workflow';
import { fetchStep } from './fetch-step.ts';
import { RestorePoint } from './restore-point.ts';
import { loadStep, openStep, proveStep } from './restore-steps.ts';
import type { RestoreWorld } from './restore-world.ts';

/** What a run of restore is given. */
export const RestoreInput = RestorePoint.extend({
  /** `database.collection` or `database.*`, by the names of the moment; all when left out. */
  namespaces: z.array(z.string()).min(1).optional(),
  /** Databases the backup covers: where a half-done restore is looked for when it is stopped. */
  databases: z.array(z.string()),
});
export type RestoreInput = z.output<typeof RestoreInput>;

/**
 * A restore beside the live data: opened, loaded, proved. Nothing live is touched, so it needs nobody; stopping it drops
 * what it made. What follows (the swap) is asked for on its own.
 */
export const restoreWorkflow = defineWorkflow<RestoreWorld>()('restore', { input: RestoreInput, exclusive: 'restore' })
  .step('open', openStep)
  .step('fetch', fetchStep)
  .step('load', loadStep)
  .step('prove', proveStep)
  .build();

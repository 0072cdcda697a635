import { z } from 'zod';
import { say } from '#core';
import { notYet } from '#workflow';
import { CacheHanded, cacheWords, handOverCaches } from '../../hand-over-caches.ts';
import { scaleUp } from '../../services.ts';
import type { LossStep } from './step.ts';

export const Raised = z.object({ ready: z.number().int(), caches: z.array(CacheHanded).optional() });
export type Raised = z.output<typeof Raised>;

/** Step 6: the new region at full size, its caches first. Nothing is asked of the lost one. */
export const raiseServices: LossStep<unknown, Raised> = {
  output: Raised,
  says: ({ facts }) => ({
    todo: `${facts.caches ? 'Hand caches over and scale' : 'Scale'} services in ${facts.to} to ${facts.replicas}`,
    done: `${facts.replicas} services in ${facts.to}`,
  }),
  tells: ({ ready, caches = [] }, { facts }) => {
    const handed = caches.length > 0 ? ` Caches: ${caches.map(cacheWords).join('; ')}.` : '';
    return say`Services: ${ready} in ${facts.to}.${handed}`;
  },
  // To hand over a cache that is handed over changes nothing, and what it holds is to be said.
  observe: async ({ world, input: { facts } }) => {
    if (facts.caches) return notYet;
    const { wanted, ready } = await world.clusters.replicas(facts.to);
    return wanted === facts.replicas && ready >= facts.replicas ? { happened: true, output: { ready } } : notYet;
  },
  run: async (context) => {
    const { to, replicas, caches: wanted } = context.input.facts;
    const { world, clock } = context;
    const caches = wanted && (await handOverCaches({ caches: world.caches, clock }, to, wanted));
    return { ready: (await scaleUp(context, to, replicas)).ready, ...(caches ? { caches } : {}) };
  },
  timeoutMs: 240_000,
  retry: { times: 10, everyMs: 1_000 },
};

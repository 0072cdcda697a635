import { z } from 'zod';
import { say } from '#core';
import { notYet } from '#workflow';
import { scaleUp } from '../../services.ts';
import type { LossStep } from './step.ts';

export const Raised = z.object({ ready: z.number().int() });

/** Step 6: the new region at full size. Nothing is asked of the lost one. */
export const raiseServices: LossStep<unknown, z.output<typeof Raised>> = {
  output: Raised,
  says: ({ facts }) => ({
    todo: `Scale services in ${facts.to} to ${facts.replicas}`,
    done: `${facts.replicas} services in ${facts.to}`,
  }),
  tells: ({ ready }, { facts }) => say`Services: ${ready} in ${facts.to}.`,
  observe: async ({ world, input: { facts } }) => {
    const { wanted, ready } = await world.clusters.replicas(facts.to);
    return wanted === facts.replicas && ready >= facts.replicas ? { happened: true, output: { ready } } : notYet;
  },
  run: async (context) => {
    const { to, replicas } = context.input.facts;
    return { ready: (await scaleUp(context, to, replicas)).ready };
  },
  timeoutMs: 240_000,
  retry: { times: 10, everyMs: 1_000 },
};

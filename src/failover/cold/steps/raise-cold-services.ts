import { z } from 'zod';
import { say } from '#core';
import { notYet } from '#workflow';
import { scaleUp } from '../../services.ts';
import type { ColdStep } from '../step.ts';

export const ColdRaised = z.object({ ready: z.number().int() });

/** Step 8: the service at full size, from none. */
export const raiseColdServices: ColdStep<unknown, z.output<typeof ColdRaised>> = {
  output: ColdRaised,
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
  timeoutMs: 600_000,
  retry: { times: 10, everyMs: 1_000 },
};

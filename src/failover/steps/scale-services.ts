import { z } from 'zod';
import { say } from '#core';
import { notYet } from '#workflow';
import { scaleUp } from '../services.ts';
import { replicasIn, type Step } from './step.ts';

export const Scaled = z.object({ ready: z.number().int(), left: z.number().int() });
export type Scaled = z.output<typeof Scaled>;

/** Step 5, from which the run only goes forward: the new region at full size, then the old one at standby size. */
export const scaleServices: Step<unknown, Scaled> = {
  output: Scaled,
  says: ({ facts }) => {
    const before = replicasIn(facts.replicasBefore, facts.to);
    const after = replicasIn(facts.replicasAfter, facts.to);
    return { todo: `Scale services in ${facts.to}, ${before} -> ${after}`, done: `services ${before} -> ${after}` };
  },
  tells: ({ ready, left }, { facts }) => say`Services: ${ready} in ${facts.to}, ${left} in ${facts.from}.`,
  observe: async ({ world, input: { facts } }) => {
    const [to, from, fence] = await Promise.all([
      world.clusters.replicas(facts.to),
      world.clusters.replicas(facts.from),
      world.fence.look(facts.from),
    ]);
    const wanted = { to: replicasIn(facts.replicasAfter, facts.to), from: replicasIn(facts.replicasAfter, facts.from) };
    if (to.wanted !== wanted.to || to.ready < wanted.to || from.wanted !== wanted.from) return notYet;
    if (fence.lease === 'open') return notYet;
    return { happened: true, output: { ready: to.ready, left: from.wanted } };
  },
  run: async (context) => {
    const { facts } = context.input;
    const { ready } = await scaleUp(context, facts.to, replicasIn(facts.replicasAfter, facts.to));
    // Only now: until the new region is at full size, the old one may still have to help.
    const left = replicasIn(facts.replicasAfter, facts.from);
    context.signal.throwIfAborted();
    await context.world.fence.close(facts.from, context.runId);
    await context.world.clusters.scale(facts.from, left);
    return { ready, left };
  },
  timeoutMs: 240_000,
  retry: { times: 5, everyMs: 2_000 },
};

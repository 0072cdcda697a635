import { z } from 'zod';
import { formatDuration, say } from '#core';
import { notYet } from '#workflow';
import { ProvedBy } from '../../unplanned-receipt.ts';
import { type LossStep, OpTimeFact } from './step.ts';

export const Fenced = z.object({
  startedAt: z.date(),
  fencedAt: z.date(),
  proof: ProvedBy,
  /**
   * The survivor's newest entry once the old side was fenced. Written down here and not read later: after the forced
   * configuration its newest entry is one of its own.
   */
  survivorHas: OpTimeFact,
});
export type Fenced = z.output<typeof Fenced>;

/** Step 1: from here on nobody in the lost region acknowledges a write, whatever still runs there. */
export const fence: LossStep<unknown, Fenced> = {
  output: Fenced,
  says: ({ facts }) => ({ todo: `Be sure that ${facts.from} takes no writes`, done: `${facts.from} is fenced` }),
  tells: ({ proof }, { facts }) =>
    proof.by === 'lease-ended'
      ? say`${facts.from} is fenced: its lease is closed, none was renewed for ${formatDuration(proof.silentMs)}.`
      : say`${facts.from} is fenced: ${proof.hosts.join(', ')} are stopped.`,
  // The lease is closed in the run's name, once; the proof is asked for anew, and only a fresh one proves anything.
  observe: async () => notYet,
  run: async ({ world, input, runId, signal, clock }) => {
    const startedAt = clock.now();
    const { from, primaryAfter } = input.facts;
    const proof = await world.fence.prove(from, runId, signal);
    const survivorHas = await world.replicaSet.appliedOn(primaryAfter);
    return {
      startedAt,
      fencedAt: clock.now(),
      proof: proof.by === 'members-stopped' ? { ...proof, hosts: [...proof.hosts] } : proof,
      survivorHas,
    };
  },
  undo: ({ world, input, runId }) => world.fence.open(input.facts.from, runId),
  timeoutMs: 180_000,
  retry: { times: 10, everyMs: 500 },
};

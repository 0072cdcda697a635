import { notYet } from '#workflow';
import { MoveReceipt } from '../receipt.ts';
import { configureRegions } from '../services.ts';
import { replicasIn, type Step } from './step.ts';
import { receiptOf } from './tell-stakeholders.ts';
import type { Validated } from './validate-target.ts';
import { proveFrom, tellProof } from './verify.ts';

/** Failback, step 4: configuration, the other region back to standby size, proof, and word to those who must know. */
export const complete: Step<{ readonly 'verify-region': Validated }, MoveReceipt> = {
  output: MoveReceipt,
  says: ({ facts }) => ({ todo: `Complete: configuration, scaling, proof`, done: `${facts.to} serves again` }),
  tells: ({ proof, to }) => tellProof(proof, to),
  // Each part looks for itself whether it is done, and only a fresh proof proves anything.
  observe: async () => notYet,
  run: async (context) => {
    const { world, input, signal, done } = context;
    await configureRegions(context, input.facts.to, input.facts.configurationAfter);
    signal.throwIfAborted();
    await world.fence.close(input.facts.from, context.runId);
    await world.clusters.scale(input.facts.from, replicasIn(input.facts.replicasAfter, input.facts.from));
    const { startedAt } = done['verify-region'];
    const receipt = await receiptOf(context, startedAt, await proveFrom(context, startedAt));
    await world.tellStakeholders(context.runId, receipt);
    return receipt;
  },
  timeoutMs: 900_000,
  retry: { times: 5, everyMs: 2_000 },
};

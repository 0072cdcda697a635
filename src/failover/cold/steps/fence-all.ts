import { z } from 'zod';
import { DrError, formatDuration, Region, say } from '#core';
import { notYet } from '#workflow';
import type { ColdContext, ColdStep } from '../step.ts';

export const AllFenced = z.object({
  startedAt: z.date(),
  fencedAt: z.date(),
  /** How each is known to take no writes, as a clause for people. */
  proofs: z.array(z.object({ region: Region, how: z.string() })),
});
export type AllFenced = z.output<typeof AllFenced>;

/** Step 1: from here on nobody acknowledges a write anywhere, whatever still runs in the lost regions. */
export const fenceAll: ColdStep<unknown, AllFenced> = {
  output: AllFenced,
  says: ({ facts }) => ({ todo: `Be sure that ${regionsOf(facts)} take no writes`, done: 'all others are fenced' }),
  tells: ({ proofs }) => say`Fenced: ${proofs.map(({ region, how }) => `${region}, ${how}`).join('; ')}.`,
  // Leases are closed in the run's name, once; the proof is asked for anew, and only a fresh one proves anything.
  observe: async () => notYet,
  run: async (context) => {
    const { clock, input } = context;
    const startedAt = clock.now();
    const proofs = await Promise.all(
      input.facts.from.map(async ({ region, by }) => ({
        region,
        how: by === 'proof' ? await prove(context, region) : await keepClosed(context, region),
      })),
    );
    return { startedAt, fencedAt: clock.now(), proofs };
  },
  undo: async ({ world, input, runId }) => {
    for (const region of input.facts.open) await world.fence.open(region, runId);
  },
  timeoutMs: 180_000,
  retry: { times: 10, everyMs: 500 },
};

export const regionsOf = ({ from }: { readonly from: readonly { readonly region: Region }[] }): string =>
  from.map(({ region }) => region).join(' and ');

async function prove({ world, runId, signal }: ColdContext, region: Region): Promise<string> {
  const proof = await world.fence.prove(region, runId, signal);
  return proof.by === 'lease-ended'
    ? `its lease is closed, none was renewed for ${formatDuration(proof.silentMs)}`
    : `${proof.hosts.join(', ')} stopped`;
}

async function keepClosed({ world, runId }: ColdContext, region: Region): Promise<string> {
  await world.fence.close(region, runId);
  const { lease, silentMs = 0 } = await world.fence.look(region);
  if (lease === 'closed') return 'its lease is closed and was never used';
  throw new DrError('FENCE_NOT_PROVED', 'permanent', `The lease of ${region} is ${lease ?? 'not there'}.`, {
    data: { region, silentMs },
  });
}

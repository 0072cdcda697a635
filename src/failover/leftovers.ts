import { z } from 'zod';
import { Region, RequestId } from '#core';
import { type ControlStore, insertNew, type Records } from '#ports';
import { MemberFact } from './facts.ts';
import type { UnplannedFacts } from './unplanned-facts.ts';

/** What an unplanned failover could not do because it was lost with the region: done when it answers again. */
export const Leftover = z.object({
  /** The run's. */
  id: RequestId,
  /** `overtaken`: another move came after it, and what it wanted is nobody's wish any more. */
  state: z.enum(['due', 'done', 'overtaken']),
  at: z.date(),
  to: Region,
  weights: z.array(z.object({ region: Region, weight: z.number() })),
  configuration: z.record(z.string(), z.string()),
  catchUpMs: z.number(),
  membersAfter: z.array(MemberFact),
});
export type Leftover = z.output<typeof Leftover>;
export type Leftovers = Records<Leftover>;

export const openLeftovers = (store: ControlStore): Leftovers =>
  store.records<Leftover>('move-leftovers', Leftover, { indexed: ['state'] });

/** Writes down what is to be put right. Idempotent for a run. */
export async function leaveOver(
  { leftovers }: { readonly leftovers: Leftovers },
  run: RequestId,
  { to, weightsAfter, configurationAfter, catchUpMs, membersAfter }: UnplannedFacts,
  at: Date,
): Promise<Leftover> {
  const leftover: Leftover = {
    ...{ id: run, state: 'due', at, to, catchUpMs, membersAfter },
    ...{ weights: weightsAfter, configuration: configurationAfter },
  };
  if (await insertNew(leftovers, leftover)) return leftover;
  return (await leftovers.get(run))?.value ?? leftover;
}

import { z } from 'zod';
import type { StepContext, StepDefinition } from '#workflow';
import type { LostRegionWorld } from '../../lost-region-world.ts';
import type { UnplannedInput } from '../../unplanned-facts.ts';

/** A step of an unplanned failover; `Done` names the outputs it reads. */
export type LossStep<Done, Output> = StepDefinition<UnplannedInput, Done, Output, LostRegionWorld>;
export type LossContext<Done = unknown> = StepContext<UnplannedInput, Done, LostRegionWorld>;

export const OpTimeFact = z.object({ term: z.number(), seconds: z.number(), increment: z.number() });

/** No writer gets through before the tail is recovered, also after a hold that was longer than the block. */
export const blockOf = ({ input, world }: LossContext) => ({
  pauseMs: input.limits.pauseMs,
  withinMs: world.settings.blockWithinMs,
  takeOver: true,
});

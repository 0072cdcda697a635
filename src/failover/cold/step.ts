import type { StepContext, StepDefinition } from '#workflow';
import type { ColdInput } from './facts.ts';
import type { ColdWorld } from './world.ts';

export type ColdStep<Done, Output> = StepDefinition<ColdInput, Done, Output, ColdWorld>;
export type ColdContext<Done = unknown> = StepContext<ColdInput, Done, ColdWorld>;

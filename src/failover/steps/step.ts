import type { Region } from '#core';
import type { StepContext, StepDefinition } from '#workflow';
import type { MoveInput } from '../facts.ts';
import type { Mover, PrimaryMove } from '../move-primary.ts';
import type { FailoverWorld } from '../world.ts';

/** A step of a move; `Done` names the outputs it reads. */
export type Step<Done, Output> = StepDefinition<MoveInput, Done, Output, FailoverWorld>;
export type Context<Done = unknown> = StepContext<MoveInput, Done, FailoverWorld>;

export const moverOf = ({ world, clock, signal }: Context): Mover => ({ world, clock, signal });

/** Forward: to the new primary, with the roles people approved. */
export const forward = ({ runId, input }: Context): PrimaryMove => ({
  run: runId,
  to: input.facts.primaryAfter,
  after: input.facts.membersAfter,
  pauseMs: input.limits.pauseMs,
});

/** Backward: to the old primary, with the roles of before. */
export const backward = ({ runId, input }: Context): PrimaryMove => ({
  run: runId,
  to: input.facts.primaryBefore,
  after: input.facts.membersBefore,
  pauseMs: input.limits.pauseMs,
});

export const replicasIn = (counts: readonly { region: Region; replicas: number }[], region: Region): number =>
  counts.find((count) => count.region === region)?.replicas ?? 0;

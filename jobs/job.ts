import type { Clock, RequestId } from '#core';
import type { HoldfastWorld, StartableJob } from '#flows';
import { type AnyWorkflow, executeRun, type RunnerDeps, type RunRecord, type RunState, type Workflow } from '#workflow';

/** What a worker brings to every run, whatever its workflow. */
export type Carrying = Omit<RunnerDeps<never>, 'world'> & { readonly clock: Clock };

/** One thing the machine does later: a workflow, the part of the world it acts through, and how to show what it did. */
export interface Job<Name extends string, Input, World> extends StartableJob {
  readonly name: Name;
  readonly workflow: Workflow<Name, Input, World> & AnyWorkflow<never>;
  /** Carries a run of this job as far as it goes. */
  readonly carry: (run: RequestId, world: HoldfastWorld, carrying: Carrying) => Promise<RunState | 'busy'>;
}

/** Ties a workflow to Holdfast's world. The world each step sees is only the part its workflow asked for. */
export function defineJob<Name extends string, Input, World>(job: {
  readonly workflow: Workflow<Name, Input, World>;
  readonly worldOf: (world: HoldfastWorld) => World;
  readonly receipt: StartableJob['receipt'];
  readonly nowLine: StartableJob['nowLine'];
  readonly followUp: StartableJob['followUp'];
}): Job<Name, Input, World> {
  const { workflow, worldOf, receipt, nowLine, followUp } = job;
  return {
    name: workflow.name,
    workflow,
    receipt,
    nowLine,
    followUp,
    carry: (run, world, carrying) => executeRun(workflow, run, { ...carrying, world: worldOf(world) }),
  };
}

/** For jobs after which nothing is to be asked. */
export const nothingFollows = (_run: RunRecord): undefined => undefined;

/** For jobs whose users notice nothing. */
export const nothingNoticed = (_run: RunRecord): undefined => undefined;

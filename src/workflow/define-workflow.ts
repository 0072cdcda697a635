import type { z } from 'zod';
import type { Clock, RequestId, Text } from '#core';

/** What a step is given. `done` holds the outputs of the steps before it, and of no other. */
export interface StepContext<Input, Done, World> {
  readonly runId: RequestId;
  readonly input: Input;
  readonly done: Done;
  readonly world: World;
  readonly clock: Clock;
  /**
   * Aborted when this worker no longer holds the run, or the step's time is up. A step that goes on after that acts
   * beside its successor: pass it to everything that waits.
   */
  readonly signal: AbortSignal;
  /** Tells people how far the step is. Cheap; only the newest is kept. `share` from 0 to 1 where it is known. */
  report(progress: { readonly text: Text; readonly share?: number }): void;
}

/** Whether the world already shows what a step wants, and with which result. */
export type Observation<Output> = { readonly happened: true; readonly output: Output } | { readonly happened: false };

export const notYet = { happened: false } as const;

/** What `says` gives for people: `3 Make us-west-2 the primary database`, `3 done us-west-2 is primary`. */
export interface StepWords {
  readonly todo: string;
  readonly done: string;
}

/** One unit of a run. `run` may be called again after a crash, but only after `observe` said that nothing happened. */
export interface StepDefinition<Input, Done, Output, World> {
  readonly output: z.ZodType<Output>;
  readonly says: (input: Input) => StepWords;
  /** One fact with its number for the thread, after the step is done. */
  readonly tells?: (output: Output, input: Input) => Text;
  /**
   * Asked after a crash: has the world already changed? Must look at the world itself, not at our notes. A step
   * whose `run` is harmless to repeat says so by answering `notYet` and a comment.
   */
  readonly observe: (context: StepContext<Input, Done, World>) => Promise<Observation<Output>>;
  readonly run: (context: StepContext<Input, Done, World>) => Promise<Output>;
  /** Puts back what `run` did, also when it only got half way (`output` is then undefined). Must be repeatable. */
  readonly undo?: (context: StepContext<Input, Done, World>, output: Output | undefined) => Promise<void>;
  /** How long the step may take before it counts as failed. */
  readonly timeoutMs: number;
  /** How often a transient error is tried again before the step fails, and how long apart. */
  readonly retry: { readonly times: number; readonly everyMs: number };
}

/** A step as the runner sees it: the types of one step's neighbours no longer matter. */
// biome-ignore lint/suspicious/noExplicitAny: the builder below proved the types; the runner moves values between them.
export type AnyStep<Input, World> = { readonly name: string } & StepDefinition<Input, any, any, World>;

/** Whether a run may wait for people right before a step; if not, why, as a clause: `writes are paused there`. */
export type HoldPoint = 'safe' | { readonly not: string };

/**
 * A static, ordered list of named steps. Static, because the list is shown and approved before anything runs,
 * and because progress, undo and history need to know all steps without running one.
 */
export interface Workflow<Name extends string, Input, World> {
  readonly name: Name;
  readonly input: z.ZodType<Input>;
  readonly steps: readonly AnyStep<Input, World>[];
  /**
   * From this step on the run only goes forward: a failure stops and waits for a person, instead of putting back.
   * `undefined`: everything can be put back until the last step.
   */
  readonly forwardFrom: string | undefined;
  /** Whether this run may move beside others: runs with the same exclusive word go one at a time. */
  readonly exclusive: string | undefined;
  /** Before which steps a run may be told to hold by itself; undefined: before none. */
  readonly holdPoints: Readonly<Record<string, HoldPoint>> | undefined;
}

/** A workflow whose input's type is known only inside: what the runner carries, after its schema has parsed the input. */
// biome-ignore lint/suspicious/noExplicitAny: the input was parsed by the workflow's own schema when the run was created.
export type AnyWorkflow<World> = Workflow<string, any, World>;

interface WorkflowOptions<Input, Names extends string> {
  readonly input: z.ZodType<Input>;
  readonly exclusive?: string;
  readonly forwardFrom?: Names;
}

/** Adds steps one by one, so that each sees exactly the outputs of those before it. */
export interface WorkflowBuilder<Name extends string, Input, Done, World> {
  step<StepName extends string, Output>(
    name: StepName extends keyof Done ? never : StepName,
    definition: StepDefinition<Input, Done, Output, World>,
  ): WorkflowBuilder<Name, Input, Done & { readonly [K in StepName]: Output }, World>;
  build(options?: {
    readonly forwardFrom?: keyof Done & string;
    /** Every step is named, so that a new one is not taken for a safe place to wait at. */
    readonly holdPoints?: Readonly<Record<keyof Done & string, HoldPoint>>;
  }): Workflow<Name, Input, World>;
}

/**
 * Starts a workflow: `defineWorkflow<FailoverWorld>()('failover', { input: FailoverInput }).step(...).build()`.
 * The world's type is given first and alone, because TypeScript infers either all type arguments or none.
 */
export function defineWorkflow<World>() {
  return <Name extends string, Input>(
    name: Name,
    options: Omit<WorkflowOptions<Input, never>, 'forwardFrom'>,
  ): WorkflowBuilder<Name, Input, Record<never, never>, World> => builder(name, options, []);
}

function builder<Name extends string, Input, Done, World>(
  name: Name,
  options: Omit<WorkflowOptions<Input, never>, 'forwardFrom'>,
  steps: readonly AnyStep<Input, World>[],
): WorkflowBuilder<Name, Input, Done, World> {
  return {
    step: (stepName, definition) => builder(name, options, [...steps, { name: stepName, ...definition }]),
    build: (end) => ({
      name,
      input: options.input,
      exclusive: options.exclusive,
      steps,
      forwardFrom: end?.forwardFrom,
      holdPoints: end?.holdPoints,
    }),
  };
}

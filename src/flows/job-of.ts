import type { AnyCommand, ApprovalRule, AskRule, JobWhen } from '#chatops';
import type { Plan } from '#plan';

/** One job that a command may start, and the rules for it: who may ask, and whose consent it needs. */
export interface JobRules {
  /** The command's, for people. */
  readonly name: string;
  readonly job: string;
  readonly role: AskRule;
  readonly approval: ApprovalRule;
}

/**
 * What a command starts as it was typed: the first of its other jobs whose condition holds, or its own (`restore swap` starts
 * `restore-swap`).
 */
export function rulesFor<World>(
  command: AnyCommand<World>,
  args: unknown,
  { plan }: { readonly plan: Pick<Plan, 'regions'> },
): JobRules {
  const given = new Map<string, unknown>(Object.entries(typeof args === 'object' && args !== null ? args : {}));
  const other = command.otherJobs?.find(({ when }) => holds(when, given, plan));
  return other ? { name: command.name, ...other } : ownRules(command);
}

function holds(when: JobWhen<never>, given: ReadonlyMap<string, unknown>, { regions }: Pick<Plan, 'regions'>): boolean {
  if (when.kind === 'flag') return (given.get(when.flag) ?? false) !== false;
  const region = given.get(when.region);
  return Object.entries(regions).some(([name, { role }]) => name === region && role === 'cold-standby');
}

/**
 * The rules under which a command may start this job; undefined where it may not. What a worker believes: the job that
 * is run decides, whatever a request says was typed.
 */
export function rulesOfJob<World>(command: AnyCommand<World>, job: string): JobRules | undefined {
  const other = command.otherJobs?.find((each) => each.job === job);
  if (other) return { name: command.name, ...other };
  const own = ownRules(command);
  return own.job === job ? own : undefined;
}

const ownRules = <World>({ name, role, approval }: AnyCommand<World>): JobRules => ({
  name,
  job: name.replaceAll(' ', '-'),
  role,
  approval,
});

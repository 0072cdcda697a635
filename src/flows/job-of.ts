import type { AnyCommand, ApprovalRule, AskRule } from '#chatops';
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
 * What a command starts as it was typed: its own job (`restore swap` starts `restore-swap`), the one for a cold region where that
 * is what it is about, or the one that a flag makes it. The first flag that is there counts.
 */
export function rulesFor<World>(
  command: AnyCommand<World>,
  args: unknown,
  { plan }: { readonly plan: Pick<Plan, 'regions'> },
): JobRules {
  const given = new Map(Object.entries(typeof args === 'object' && args !== null ? args : {}));
  const { coldJob } = command;
  const region = coldJob && given.get(coldJob.region);
  const isCold = Object.entries(plan.regions).some(([name, { role }]) => name === region && role === 'cold-standby');
  if (coldJob && isCold) return { name: command.name, ...coldJob };
  const other = command.otherJobs?.find(({ flag }) => (given.get(flag) ?? false) !== false);
  return other ? { name: command.name, ...other } : ownRules(command);
}

/**
 * The rules under which a command may start this job; undefined where it may not. What a worker believes: the job that
 * is run decides, whatever a request says was typed.
 */
export function rulesOfJob<World>(command: AnyCommand<World>, job: string): JobRules | undefined {
  const other = [...(command.otherJobs ?? []), ...(command.coldJob ? [command.coldJob] : [])].find(
    (each) => each.job === job,
  );
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

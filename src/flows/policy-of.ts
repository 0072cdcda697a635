import type { AnyCommand } from '#chatops';
import { DrError } from '#core';
import type { ApprovalPolicy } from '#plan';
import type { Flow } from './flow.ts';

/** Whose consent a command's run needs, by plan.yaml. Throws PLAN_INVALID where the plan is silent. */
export function policyOf<World>(command: AnyCommand<World>, flow: Pick<Flow<World>, 'plan'>): ApprovalPolicy | 'none' {
  if (command.approval.kind === 'none') return 'none';
  const policy = flow.plan.approvals[command.approval.policy];
  if (policy) return policy;
  throw new DrError('PLAN_INVALID', 'permanent', `plan.yaml does not say who approves "${command.approval.policy}".`, {
    hint: `Add approvals.${command.approval.policy} to plan.yaml, then: dr plan check`,
  });
}

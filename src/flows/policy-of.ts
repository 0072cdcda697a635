import { DrError } from '#core';
import type { ApprovalPolicy } from '#plan';
import type { Flow } from './flow.ts';
import type { JobRules } from './job-of.ts';

/** Whose consent a job's run needs, by plan.yaml. Throws PLAN_INVALID where the plan is silent. */
export function policyOf<World>(
  { approval }: Pick<JobRules, 'approval'>,
  flow: Pick<Flow<World>, 'plan'>,
): ApprovalPolicy | 'none' {
  if (approval.kind === 'none') return 'none';
  const policy = flow.plan.approvals[approval.policy];
  if (policy) return policy;
  throw new DrError('PLAN_INVALID', 'permanent', `plan.yaml does not say who approves "${approval.policy}".`, {
    hint: `Add approvals.${approval.policy} to plan.yaml, then: dr plan check`,
  });
}

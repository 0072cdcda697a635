import type { ApprovalPolicy } from '#plan';
import type { Flow } from '../flow.ts';
import { rulesOfJob } from '../job-of.ts';
import { policyOf } from '../policy-of.ts';
import type { RequestRecord } from '../request-record.ts';

/** Whose consent its job needs by the plan of now; undefined where it needs nobody's. */
export function policyOfRequest<World>(request: RequestRecord, flow: Flow<World>): ApprovalPolicy | undefined {
  const command = flow.commands.find(({ name }) => name === request.command);
  const rules = command && request.preview && rulesOfJob(command, request.preview.preview.job);
  const policy = rules ? policyOf(rules, flow) : 'none';
  return policy === 'none' ? undefined : policy;
}

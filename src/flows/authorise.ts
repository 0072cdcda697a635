import { DrError, type PersonId } from '#core';
import type { AskRulePlan } from '#plan';
import type { Asking, Flow } from './flow.ts';
import type { JobRules } from './job-of.ts';
import { policyOf } from './policy-of.ts';

/**
 * Whether this person may ask for this. Throws NOT_ALLOWED or NOT_LINKED with who may; nothing was changed.
 * The worker checks approvals again; this check is for a clear word at once.
 */
export async function authorise<World>(
  command: Omit<JobRules, 'job'>,
  { speaker }: Asking,
  flow: Flow<World>,
): Promise<void> {
  // The calendar is the plan's own wish, as long as nobody's consent is needed for what it asks.
  if (speaker.via === 'schedule' && policyOf(command, flow) === 'none') return;
  if (speaker.via === 'incident' && isProposed(command, flow)) return;
  if (mayAsk(command, speaker.person, flow)) return;
  if (!speaker.person) {
    throw new DrError(
      'NOT_LINKED',
      'user',
      `You have no role in the plan, so /dr ${command.name} is not yours to ask.`,
      {
        hint: 'An Incident Commander gives roles in plan.yaml. What you can do: /dr help',
      },
    );
  }
  const rule = ruleOf(command, flow);
  const roles = Array.isArray(rule) ? rule : [];
  const titles = roles.map((role) => flow.roster.title(role)).join(' or ');
  const people = roles.flatMap((role) => flow.roster.holders(role)).map((person) => flow.roster.name(person));
  throw new DrError('NOT_ALLOWED', 'user', `/dr ${command.name} may be asked by ${titles || 'people with a role'}.`, {
    hint: people.length > 0 ? `On duty: ${[...new Set(people)].join(', ')}` : '/dr oncall',
  });
}

/** What a breach asks for by the plan's own word. It asks; people approve, as for anybody's request. */
const isProposed = <World>({ name }: Pick<JobRules, 'name'>, { plan }: Pick<Flow<World>, 'plan'>): boolean =>
  name === 'failover' && plan.detection.onBreach.failover !== 'manual';

/** Whether this person may steer runs or incidents so; returns who it is. Buttons and commands ask the same. */
export function authoriseSteering<World>(
  rule: 'hold' | 'stop' | 'resume' | 'incident-change' | 'page',
  { person }: { readonly person?: PersonId | undefined },
  flow: Pick<Flow<World>, 'plan' | 'roster'>,
): PersonId {
  const allowed = flow.plan.mayAsk[rule] ?? 'responders';
  const roles = person ? flow.roster.rolesOf(person) : [];
  const may =
    allowed === 'everyone' ||
    (Array.isArray(allowed) ? roles.some((role) => allowed.includes(role)) : roles.length > 0);
  if (person && may) return person;
  throw new DrError('NOT_ALLOWED', 'user', 'You have no role in the plan that may do this.', {
    hint: 'Roles: /dr oncall',
  });
}

/** The same question for help texts, which show only what the asker may do. */
export function mayAsk<World>(
  command: Pick<JobRules, 'role'>,
  person: Asking['speaker']['person'],
  flow: Pick<Flow<World>, 'plan' | 'roster'>,
): boolean {
  const rule = ruleOf(command, flow);
  if (rule === 'everyone') return true;
  if (!person) return false;
  const roles = flow.roster.rolesOf(person);
  return rule === 'responders' ? roles.length > 0 : roles.some((role) => rule.includes(role));
}

function ruleOf<World>(command: Pick<JobRules, 'role'>, flow: Pick<Flow<World>, 'plan'>): AskRulePlan {
  if (command.role.kind !== 'plan') return command.role.kind;
  const rule = flow.plan.mayAsk[command.role.rule];
  if (rule) return rule;
  throw new DrError('PLAN_INVALID', 'permanent', `plan.yaml does not say who may ask for "${command.role.rule}".`, {
    hint: `Add may_ask.${command.role.rule} to plan.yaml, then: dr plan check`,
  });
}

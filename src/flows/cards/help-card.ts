import { type AnyCommand, type Asked, HELP_GROUPS, whenWords } from '#chatops';
import { bold, closest, DrError, type Text } from '#core';
import type { Card } from '#ports';
import { mayAsk } from '../authorise.ts';
import type { Flow } from '../flow.ts';
import { policyOf } from '../policy-of.ts';
import { card, lines, section, small } from './parts.ts';

/** The lists and the plan: help works while every server is down. */
type Helping<World> = Pick<Flow<World>, 'commands' | 'plan' | 'roster'>;

/** `/dr help`: only what the asker may do, grouped by what one wants. */
export function helpCard<World>(asked: Asked, flow: Helping<World>): Card {
  const allowed = flow.commands.filter((command) => mayAsk(command, asked.person, flow));
  const groups = HELP_GROUPS.flatMap((group) => {
    const here = allowed.filter((command) => command.group === group);
    return here.length === 0 ? [] : [[bold(group)] satisfies Text, ...groupLines(here)];
  });
  const needing = allowed.flatMap((command) => [
    ...(policyOf(command, flow) === 'none' ? [] : [command.name]),
    ...(command.otherJobs ?? [])
      .filter((other) => policyOf(command, flow) === 'none' && policyOf(other, flow) !== 'none')
      .map(({ when }) => `${command.name} ${whenWords(when)}`),
  ]);
  return card('What you can do here', [
    lines([bold('Holdfast'), ` - ${whoLine(asked, flow)}`]),
    lines(...groups),
    needing.length > 0 ? [lines([`Needs others' approval: ${needing.join(', ')}.`])] : [],
    lines([bold('Practise'), '  any command with --dry-run: it shows, and asks nobody']),
    asked.person ? [] : [lines(['To get a role: an Incident Commander changes plan.yaml.'])],
    small(
      `Slack down? Terminal: dr status. Hotline ${flow.plan.contacts.hotline}. Any command in full: /dr help failover`,
    ),
  ]);
}

/** What is needed in a hurry as it is typed, a line each; of the others the names. */
function groupLines<World>(commands: readonly AnyCommand<World>[]): Text[] {
  const named = commands.filter(({ inHelp }) => inHelp === undefined).map(({ name }) => name);
  return [
    ...commands.flatMap(({ inHelp = [] }) => inHelp.map((line): Text => [line])),
    ...(named.length === 0 ? [] : [[`Also: ${named.join(', ')}`]]),
  ];
}

function whoLine<World>(asked: Asked, flow: Helping<World>): string {
  if (!asked.person) return 'you have no role in the plan';
  const roles = flow.roster.rolesOf(asked.person).map((role) => flow.roster.title(role));
  return `you are ${flow.roster.name(asked.person)}, ${roles.join(' and ') || 'without a role'}`;
}

/** `/dr help failover`. Throws COMMAND_UNKNOWN with the nearest name. */
export function helpForCommand<World>(name: string, flow: Helping<World>): Card {
  const wanted = name.replace(/^\/?(dr )?/, '').trim();
  const command =
    flow.commands.find((each) => each.name === wanted) ??
    flow.commands.find((each) => each.name === wanted.split(' ')[0]);
  if (!command) {
    const near = closest(
      wanted,
      flow.commands.map((each) => each.name),
    );
    throw new DrError(
      'COMMAND_UNKNOWN',
      'user',
      `There is no command "${wanted.slice(0, 40)}".${near ? ` Did you mean ${near}?` : ''}`,
      {
        hint: near ? `/dr help ${near}` : '/dr help',
      },
    );
  }
  return card(`/dr ${command.name}`, [
    lines([bold(`/dr ${command.name}`), ` ${command.usage}`], [`${command.summary}.`]),
    lines([whoAsks(command, flow)], [whoApproves(command, flow)]),
    ...(command.otherJobs ?? []).map((other) =>
      lines([`The same ${whenWords(other.when)}. `, whoAsks(other, flow), ' ', whoApproves(other, flow)]),
    ),
    section({ heading: 'Examples', lines: command.examples.map((example) => [example]) }),
  ]);
}

function whoAsks<World>(command: Pick<AnyCommand<World>, 'role'>, { plan, roster }: Helping<World>): string {
  const rule = command.role.kind === 'plan' ? plan.mayAsk[command.role.rule] : command.role.kind;
  if (rule === 'everyone') return 'Asks: everyone in the channel.';
  if (rule === 'responders' || rule === undefined) return 'Asks: everyone with a role in the plan.';
  return `Asks: ${rule.map((role) => roster.title(role)).join(' or ')}.`;
}

function whoApproves<World>(command: Pick<AnyCommand<World>, 'approval'>, { plan, roster }: Helping<World>): string {
  const policy = command.approval.kind === 'plan' ? plan.approvals[command.approval.policy] : 'none';
  if (policy === 'none' || policy === undefined) return "Needs nobody's approval.";
  const needs = policy.needs.map(
    ({ anyOf, people }) =>
      `${people > 1 ? `${people} of ` : ''}${anyOf.map((role) => roster.title(role)).join(' or ')}`,
  );
  const self = policy.requester === 'excluded' ? ', not the person who asks' : '';
  return `Approve: ${needs.join(', and ')}${self}. Open for ${policy.expiresAfterMinutes} min.`;
}

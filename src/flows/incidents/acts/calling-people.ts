import {
  bold,
  DrError,
  type IncidentId,
  mention,
  type PersonId,
  type Role,
  Role as RoleSchema,
  say,
  type Text,
} from '#core';
import { addResponder, assign, handOver, type Incident, sendTestPage, type Whom } from '#incidents';
import type { Card } from '#ports';
import { plain } from '../../errors-to-card.ts';
import type { Flow } from '../../flow.ts';
import { personNamed } from '../person-named.ts';
import { type Acting, actorOf, chooseIncident } from './choose-incident.ts';

/** Has a person, or whoever a role's ladder names, called besides. */
export async function pageMore<World>(
  { who, given }: { readonly who: string; readonly given: IncidentId | undefined },
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  const person = actorOf(by, flow, 'page');
  const whom = whomNamed(who, flow);
  const { id } = await chooseIncident(given, by, flow);
  const { called } = await addResponder(flow.incidents, { incident: id, by: person, whom, intake: by.intake });
  const names: Text = called.flatMap((each, index) => (index ? [', ', mention(each)] : [mention(each)]));
  if (called.length === 0)
    return plain(`${id}: nobody new is paged.`, [[`They are called for ${id} already. Nobody new is paged.`]]);
  return plain(`Paged for ${id}.`, [say`${bold('Paged')} for ${id}: ${names}. The thread says when they answer.`]);
}

/** A page to oneself, to see that it arrives. */
export async function pageMyself<World>(by: Acting, flow: Flow<World>): Promise<Card> {
  const person = actorOf(by, flow, 'page');
  const page = await sendTestPage(flow.incidents, { to: person, intake: by.intake });
  const ways = [...new Set(page.ways.map(({ way }) => WAY_WORDS[way]))];
  return plain('A test page is on its way to you.', [
    [bold('A test page'), ' is on its way to you and to nobody else.'],
    [
      ways.length > 0
        ? `Ways: ${ways.join(', ')}.`
        : 'There is no way to you: the plan has no account, telephone or address.',
    ],
  ]);
}

const WAY_WORDS = {
  pager: 'PagerDuty',
  slack: 'a mention in Slack',
  direct: 'a direct message',
  sms: 'SMS',
  voice: 'a call',
  email: 'e-mail',
  webhook: 'webhook',
} as const;

function whomNamed<World>(who: string, flow: Flow<World>): Whom {
  const role = roleNamed(who, flow);
  return role ? { role } : { person: personNamed(who, flow) };
}

/** By its name in the plan or its title: `database-admin`, `Database Admin`. */
function roleNamed<World>(typed: string, { roster }: Flow<World>): Role | undefined {
  const wanted = normal(typed);
  return roster.roles().find((role) => [role, roster.title(role)].some((name) => normal(name) === wanted));
}

const normal = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

function roleOrRefuse<World>(typed: string, flow: Flow<World>): Role {
  const role = roleNamed(typed, flow);
  if (role) return role;
  const shown = typed.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 40);
  throw new DrError('NOT_FOUND', 'user', `"${shown}" is no role of the plan. Nothing was changed.`, {
    hint: `Roles: ${flow.roster.roles().join(', ')}`,
  });
}

/** Gives a role of this incident to somebody; nobody is called for it. */
export async function assignRole<World>(
  {
    role: typed,
    to: who,
    given,
  }: { readonly role: string; readonly to: string; readonly given: IncidentId | undefined },
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  const person = actorOf(by, flow);
  const [role, to] = [roleOrRefuse(typed, flow), personNamed(who, flow)];
  const { id } = await chooseIncident(given, by, flow);
  await assign(flow.incidents, { incident: id, by: person, role, to, intake: by.intake });
  return plain(`${id}: assigned.`, [say`${mention(to)} is ${flow.roster.title(role)} of ${id}.`]);
}

/** Gives what one has of an incident, or a named role, to somebody who is paged for it. */
export async function handOverRole<World>(
  {
    to: who,
    role: typed,
    given,
  }: { readonly to: string; readonly role: string | undefined; readonly given: IncidentId | undefined },
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  const person = actorOf(by, flow);
  const to = personNamed(who, flow);
  const incident = await chooseIncident(given, by, flow);
  const role = typed === undefined ? ownRole(incident, person, flow) : roleOrRefuse(typed, flow);
  await handOver(flow.incidents, { incident: incident.id, by: person, role, to, intake: by.intake });
  return plain(`${incident.id} is handed over.`, [
    say`${mention(to)} is paged for ${flow.roster.title(role)} of ${incident.id}. Until they acknowledge, whoever has it keeps it.`,
  ]);
}

/** The role that this person has in the incident, or was called for, or holds; the commander's for anybody else. */
function ownRole<World>({ legs, assignments }: Incident, person: PersonId, { roster }: Flow<World>): Role {
  const held = legs.find(({ hold }) => hold?.by === person) ?? legs.find(({ people }) => people.includes(person));
  const assigned = assignments.findLast((each) => each.person === person)?.role;
  const own = roster.rolesOf(person).find((role) => legs.some((leg) => leg.role === role));
  return held?.role ?? assigned ?? own ?? RoleSchema.parse('incident-commander');
}

import { closest, DrError, PersonId, type Role, Role as RoleSchema } from '#core';
import { holdersOf, type Plan, rolesHeldBy, roleTitle } from '#plan';
import { type SlackAccount, sameAccount } from './account.ts';
import { type CallOrder, callOrder } from './call-order.ts';
import type { Override } from './override.ts';

/** Somebody on the roster. */
export interface RosterMember {
  readonly id: PersonId;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Undefined: not linked, so nothing they press counts. */
  readonly account: SlackAccount | undefined;
  readonly timeZone: string;
}

/** Who is who and who holds what. Everything here is a look-up: nothing changes, nothing is asked of the network. */
export interface Roster {
  /** Everyone, in the plan's order. */
  people(): readonly RosterMember[];
  person(id: PersonId): RosterMember | undefined;
  /** `John Smith`; the id where the roster does not know it. */
  name(id: PersonId): string;
  /** `Incident Commander`. */
  title(role: Role): string;
  roles(): readonly Role[];
  rolesOf(id: PersonId): readonly Role[];
  /** Primary contact first, then the backup, then whoever else takes turns. */
  holders(role: Role): readonly PersonId[];
  /** Whom to call at that moment, by the plan and these overrides. */
  callOrder(role: Role, at: Date, overrides: readonly Override[]): CallOrder;
  /** Who is to be called first by the plan alone; undefined when the role is empty or everybody is away. */
  onDuty(role: Role, at: Date): PersonId | undefined;
  account(id: PersonId): SlackAccount | undefined;
  timeZone(id: PersonId): string;
  /** By Slack identity; undefined for guests and for accounts linked to nobody. */
  byAccount(account: SlackAccount): PersonId | undefined;
  /** By id or name, capitals and spaces aside. Throws NOT_FOUND (user) with the nearest name. */
  findPerson(idOrName: string): RosterMember;
  /** By id or title, in the same way. */
  findRole(idOrTitle: string): Role;
}

export function createRoster(plan: Plan): Roster {
  const people = Object.entries(plan.roster.people).map(
    ([key, { name, slackUser, slackTeam, timeZone }]): RosterMember => {
      const id = PersonId.parse(key);
      const account = slackUser ? { team: slackTeam ?? plan.contacts.slackTeam, user: slackUser } : undefined;
      return {
        id,
        name,
        roles: rolesHeldBy(plan.roster, id),
        account,
        timeZone: timeZone ?? plan.timeZone,
      };
    },
  );
  const byId = new Map(people.map((member) => [member.id, member]));
  const roles = Object.keys(plan.roster.roles).map((role) => RoleSchema.parse(role));
  const title = (role: Role): string => roleTitle(plan.roster, role);
  return {
    people: () => people,
    person: (id) => byId.get(id),
    name: (id) => byId.get(id)?.name ?? id,
    title,
    roles: () => roles,
    rolesOf: (id) => byId.get(id)?.roles ?? [],
    holders: (role) => {
      const contacts = plan.roster.roles[role];
      return contacts ? holdersOf(contacts) : [];
    },
    callOrder: (role, at, overrides) => callOrder(plan, overrides, role, at),
    onDuty: (role, at) => callOrder(plan, [], role, at).people[0],
    account: (id) => byId.get(id)?.account,
    timeZone: (id) => byId.get(id)?.timeZone ?? plan.timeZone,
    byAccount: (account) => people.find((member) => member.account && sameAccount(member.account, account))?.id,
    findPerson: (idOrName) =>
      find(
        people,
        idOrName,
        ({ id, name }) => [name, id],
        'is not on the roster',
        ({ name }) => name,
      ),
    findRole: (idOrTitle) => find(roles, idOrTitle, (role) => [title(role), role], 'is not a role of the plan', title),
  };
}

/** The one that is called so. Throws NOT_FOUND (user) with the nearest, or with all there are. */
function find<T>(
  all: readonly T[],
  typed: string,
  namesOf: (one: T) => readonly string[],
  isNot: string,
  shownAs: (one: T) => string,
): T {
  const wanted = normal(typed);
  const found = all.find((one) => namesOf(one).some((name) => normal(name) === wanted));
  if (found !== undefined) return found;
  const near = closest(
    wanted,
    all.flatMap((one) => namesOf(one).map(normal)),
  );
  const meant = all.find((one) => namesOf(one).some((name) => normal(name) === near));
  const shown = typed.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 60);
  throw new DrError('NOT_FOUND', 'user', `"${shown}" ${isNot}. Nothing was changed.`, {
    hint: meant === undefined ? `There are ${all.map(shownAs).join(', ')}.` : `Did you mean ${shownAs(meant)}?`,
  });
}

const normal = (words: string): string =>
  words
    .trim()
    .replace(/^@/, '')
    .toLowerCase()
    .replace(/[\s_.-]+/g, ' ');

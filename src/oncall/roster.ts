import { closest, DrError, PersonId, type Role, Role as RoleSchema } from '#core';
import { type Plan, rolesHeldBy, roleTitle } from '#plan';
import { type SlackAccount, sameAccount } from './account.ts';

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
  /** Primary contact first. */
  holders(role: Role): readonly PersonId[];
  /** The first contact who is not away at that moment; undefined when the role is empty or everybody is away. */
  onDuty(role: Role, at: Date): PersonId | undefined;
  account(id: PersonId): SlackAccount | undefined;
  timeZone(id: PersonId): string;
  /** By Slack identity; undefined for guests and for accounts linked to nobody. */
  byAccount(account: SlackAccount): PersonId | undefined;
  /** By id or name, capitals and spaces aside. Throws NOT_FOUND (user) with the nearest name. */
  findPerson(idOrName: string): RosterMember;
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
  const holders = (role: Role): readonly PersonId[] => {
    const contacts = plan.roster.roles[role];
    return contacts ? [contacts.primary, ...(contacts.backup ? [contacts.backup] : [])] : [];
  };
  return {
    people: () => people,
    person: (id) => byId.get(id),
    name: (id) => byId.get(id)?.name ?? id,
    title: (role) => roleTitle(plan.roster, role),
    roles: () => Object.keys(plan.roster.roles).map((role) => RoleSchema.parse(role)),
    rolesOf: (id) => byId.get(id)?.roles ?? [],
    holders,
    onDuty: (role, at) => holders(role).find((person) => !isAway(plan, person, at)),
    account: (id) => byId.get(id)?.account,
    timeZone: (id) => byId.get(id)?.timeZone ?? plan.timeZone,
    byAccount: (account) => people.find((member) => member.account && sameAccount(member.account, account))?.id,
    findPerson: (idOrName) => findPerson(people, idOrName),
  };
}

function isAway(plan: Plan, person: PersonId, at: Date): boolean {
  return plan.roster.away.some(
    (absence) => absence.person === person && new Date(absence.from) <= at && at < new Date(absence.until),
  );
}

function findPerson(people: readonly RosterMember[], idOrName: string): RosterMember {
  const wanted = normal(idOrName);
  const found = people.find(({ id, name }) => normal(id) === wanted || normal(name) === wanted);
  if (found) return found;
  const near = closest(
    wanted,
    people.map(({ name }) => normal(name)),
  );
  const meant = people.find(({ name }) => normal(name) === near);
  const shown = idOrName.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 60);
  throw new DrError('NOT_FOUND', 'user', `"${shown}" is not on the roster. Nothing was changed.`, {
    hint: meant ? `Did you mean ${meant.name}?` : `On it: ${people.map(({ name }) => name).join(', ')}.`,
  });
}

const normal = (words: string): string =>
  words
    .trim()
    .replace(/^@/, '')
    .toLowerCase()
    .replace(/[\s_.-]+/g, ' ');

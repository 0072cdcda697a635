import { PersonId, Role } from '#core';
import type { RosterPlan, RosterRole } from './people.ts';
import type { Candidate } from './seats.ts';

/** Everyone on the roster with the roles they hold, in the roster's order. */
export function candidatesOf(roster: RosterPlan): Candidate[] {
  return Object.keys(roster.people).map((key) => {
    const person = PersonId.parse(key);
    return { person, roles: rolesHeldBy(roster, person) };
  });
}

/** The roles somebody holds: as primary or backup contact, or in the rotation. Who is called at night for it may act in it. */
export function rolesHeldBy(roster: RosterPlan, person: PersonId): Role[] {
  return Object.entries(roster.roles)
    .filter(([, contacts]) => holdersOf(contacts).includes(person))
    .map(([role]) => Role.parse(role));
}

/** Whoever holds a role: its primary contact, its backup, then whoever else takes turns. Each once. */
export const holdersOf = ({ primary, backup, rotation }: RosterRole): PersonId[] => [
  ...new Set([primary, ...(backup === undefined ? [] : [backup]), ...(rotation?.people ?? [])]),
];

/** `Database Admin`; a role the roster does not know is named by its id. */
export const roleTitle = (roster: RosterPlan, role: Role): string => roster.roles[role]?.title ?? role;

/** `Incident Commander or Technical Lead`. */
export const sayAnyOf = (roster: RosterPlan, roles: readonly Role[]): string =>
  joinWords(
    roles.map((role) => roleTitle(roster, role)),
    'or',
  );

/** `A`, `A or B`, `A, B or C`. */
export function joinWords(words: readonly string[], last: 'or' | 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

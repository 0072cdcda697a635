import { PersonId, Role } from '#core';
import type { RosterPlan } from './people.ts';
import type { Candidate } from './seats.ts';

/** Everyone on the roster with the roles they hold, in the roster's order. */
export function candidatesOf(roster: RosterPlan): Candidate[] {
  return Object.keys(roster.people).map((key) => {
    const person = PersonId.parse(key);
    return { person, roles: rolesHeldBy(roster, person) };
  });
}

/** The roles somebody holds, as primary or as backup contact. */
export function rolesHeldBy(roster: RosterPlan, person: PersonId): Role[] {
  return Object.entries(roster.roles)
    .filter(([, { primary, backup }]) => primary === person || backup === person)
    .map(([role]) => Role.parse(role));
}

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

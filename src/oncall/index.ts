/** Who is on the roster, who holds which role, and who is on duty. */
export { SlackAccount, sameAccount } from './account.ts';
export { createRoster, type Roster, type RosterMember } from './roster.ts';

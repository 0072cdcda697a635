/** Who is on the roster, who holds which role, who is on duty, and by when somebody must have answered. */
export { SlackAccount, sameAccount } from './account.ts';
export { nextBusinessDay } from './business-days.ts';
export { type Duty, openDuty } from './duty.ts';
export { createRoster, type Roster, type RosterMember } from './roster.ts';
export { escalateAt, type SeverityTimes, severityTimes } from './severity-times.ts';

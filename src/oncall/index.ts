/** Who is on the roster, who holds which role, who is on duty, and by when somebody must have answered. */
export { SlackAccount, sameAccount } from './account.ts';
export { nextBusinessDay } from './business-days.ts';
export { type CallOrder, isAway } from './call-order.ts';
export { cancelOverride } from './cancel-override.ts';
export { type Duty, type DutyLook, openDuty, type ReadOverrides } from './duty.ts';
export { findGaps, type Gap, type GapReport, type Way } from './gaps.ts';
export { type Imported, importShifts } from './import-shifts.ts';
export { byFirst, joinStretches, lookAhead, type Stretch } from './look-ahead.ts';
export { endOf, isInForce, Override } from './override.ts';
export { findOverride, readOverrides } from './override-book.ts';
export { readCalendar, type Shift } from './read-calendar.ts';
export { createRoster, type Roster, type RosterMember } from './roster.ts';
export { type Turn, turnAt, turnsBetween } from './rotation.ts';
export { setOverrides, type WantedOverride } from './set-overrides.ts';
export { escalateAt, type SeverityTimes, severityTimes } from './severity-times.ts';

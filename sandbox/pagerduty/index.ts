/**
 * A PagerDuty account on this machine, for what cannot be had here: real clients talk to it over real sockets, and it
 * refuses what PagerDuty refuses. It shares no code with Holdfast.
 */
export type { PagerDuty, PagerDutyUser } from './pager-duty.ts';
export { accountPeople } from './people.ts';
export { type PagerDutyOptionsInput, SERVICE, type Webhook } from './settings.ts';
export type { Change, Incident, Notification } from './shapes.ts';
export { startPagerDuty } from './start.ts';
export { signatures } from './webhook-sender.ts';

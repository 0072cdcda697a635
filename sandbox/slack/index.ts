/**
 * A Slack workspace on this machine, for what cannot be had here: real clients talk to it over real
 * sockets, and it refuses what Slack refuses. It shares no code with Holdfast.
 */
export type { FieldValue, FieldValues, Outcome } from './act/index.ts';
export type { Block, Element, ModalView } from './blocks/index.ts';
export type { FaultOrderInput } from './faults.ts';
export { isLocalHost, isOwnOrigin } from './loopback.ts';
export { rosterPeople } from './roster.ts';
export { APP, DEFAULT_EVENTS, DEFAULT_SCOPES, type SlackOptionsInput, TEAM } from './settings.ts';
export type {
  Bookmark,
  Change,
  Channel,
  Ephemeral,
  Message,
  Metadata,
  OpenView,
  Person,
  PersonInput,
} from './shapes.ts';
export type { SlackUser } from './slack-user.ts';
export { startSlackWorkspace } from './start.ts';
export type { CallRecord, SlackWorkspace } from './workspace.ts';

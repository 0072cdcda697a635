import type { Delivery } from './delivery.ts';
import type { EventDispatcher } from './events.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { SlackSettings } from './settings.ts';
import type { Channel, Person } from './shapes.ts';
import type { SocketMode } from './socket-mode.ts';
import type { WorkspaceStore } from './store.ts';
import type { Triggers } from './triggers.ts';

/** The running workspace as its parts see each other. */
export interface Team {
  readonly settings: SlackSettings;
  readonly store: WorkspaceStore;
  readonly delivery: Delivery;
  readonly events: EventDispatcher;
  readonly sockets: SocketMode;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly now: () => number;
  /** `http://127.0.0.1:port`, known once it listens. */
  readonly baseUrl: () => string;
  /** True while Slack is cut off from everybody. */
  readonly isCut: () => boolean;
}

/** @throws Error for an id no test or page should have: that is a mistake on our side, not Slack's refusal. */
export function personOf(team: Team, id: string): Person {
  const person = team.store.people.get(id);
  if (person === undefined) throw new Error(`No person ${id} in this workspace.`);
  return person;
}

/** By id or by name (with or without `#`). @throws Error when there is none. */
export function channelOf(team: Team, idOrName: string): Channel {
  const wanted = idOrName.replace(/^#/, '');
  const channel =
    team.store.channels.get(wanted) ?? [...team.store.channels.values()].find(({ name }) => name === wanted);
  if (channel === undefined) throw new Error(`No channel ${idOrName} in this workspace.`);
  return channel;
}

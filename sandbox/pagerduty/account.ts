import { randomBytes } from 'node:crypto';
import { type PagerDutySettings, SERVICE } from './settings.ts';
import type { Agent, Change, Incident, Notification, Responder, Snapshot } from './shapes.ts';

const SERVICE_AGENT: Agent = { type: 'service_reference', id: SERVICE.id };
const NOTIFICATIONS_KEPT = 5_000;

export interface TriggerEvent {
  readonly key: string;
  readonly title: string;
  readonly severity: string;
  readonly source: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly links: Incident['links'];
}

/**
 * The incidents of one service and how they live. Under one key at most one is open; a trigger adds to it, calling nobody,
 * acknowledged or not; after its end the key opens another one. PagerDuty's own escalation does not take place here.
 */
export class Account {
  readonly #settings: PagerDutySettings;
  readonly #now: () => number;
  readonly #incidents = new Map<string, Incident>();
  readonly #watchers = new Set<(change: Change) => void>();
  #notifications: Notification[] = [];

  constructor(settings: PagerDutySettings, now: () => number, kept: Snapshot | undefined) {
    this.#settings = settings;
    this.#now = now;
    for (const incident of kept?.incidents ?? []) this.#incidents.set(incident.id, incident);
    this.#notifications = [...(kept?.notifications ?? [])];
  }

  get incidents(): readonly Incident[] {
    return [...this.#incidents.values()];
  }

  get notifications(): readonly Notification[] {
    return this.#notifications;
  }

  snapshot(): Snapshot {
    return { incidents: this.incidents, notifications: this.#notifications };
  }

  subscribe(watcher: (change: Change) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  incident(id: string): Incident | undefined {
    return this.#incidents.get(id);
  }

  open(key: string): Incident | undefined {
    return this.incidents.find((incident) => incident.key === key && incident.status !== 'resolved');
  }

  trigger(event: TriggerEvent): void {
    const open = this.open(event.key);
    if (open) {
      this.#put({ ...open, alsoTriggered: open.alsoTriggered + 1 });
      return;
    }
    const at = this.#now();
    const onCall = this.#settings.onCall ?? this.#settings.people.slice(0, 1).map(({ id }) => id);
    const incident: Incident = {
      ...event,
      id: `Q${randomBytes(8).toString('hex').slice(0, 13).toUpperCase()}`,
      number: this.#incidents.size + 1,
      status: 'triggered',
      createdAt: at,
      changedAt: at,
      assignees: onCall,
      acknowledgements: [],
      responders: [],
      alsoTriggered: 0,
    };
    this.#put(incident);
    this.#emit({ kind: 'incident', type: 'incident.triggered', incident, by: SERVICE_AGENT, at });
    for (const user of onCall) this.#notify(incident, user, 'assigned');
  }

  /** False for what is over. Whoever acknowledges has it besides those who did before. */
  acknowledge(id: string, by: Agent = SERVICE_AGENT): boolean {
    const incident = this.#incidents.get(id);
    if (incident === undefined || incident.status === 'resolved') return false;
    const at = this.#now();
    const others = incident.acknowledgements.filter((each) => each.by.id !== by.id);
    const changed = incident.status === 'acknowledged' ? incident.changedAt : at;
    const acknowledgements = [...others, { at, by }];
    this.#change({ ...incident, status: 'acknowledged', changedAt: changed, acknowledgements }, 'acknowledged', by, at);
    return true;
  }

  /** Taken back by its owner, or its acknowledgement ran out. */
  unacknowledge(id: string, by: Agent = SERVICE_AGENT): boolean {
    const incident = this.#incidents.get(id);
    if (incident?.status !== 'acknowledged') return false;
    const at = this.#now();
    this.#change({ ...incident, status: 'triggered', changedAt: at, acknowledgements: [] }, 'unacknowledged', by, at);
    for (const user of incident.assignees) this.#notify(incident, user, 'assigned');
    return true;
  }

  resolve(id: string, by: Agent = SERVICE_AGENT): boolean {
    const incident = this.#incidents.get(id);
    if (incident === undefined || incident.status === 'resolved') return false;
    const at = this.#now();
    this.#change({ ...incident, status: 'resolved', changedAt: at }, 'resolved', by, at);
    return true;
  }

  /** Each request calls again whom it names. */
  request(id: string, users: readonly string[], message: string, by: Agent): Responder[] {
    const requestedAt = this.#now();
    return users.flatMap((user) => {
      const incident = this.#incidents.get(id);
      if (incident === undefined) return [];
      const responder: Responder = { user, state: 'pending', requestedAt, message };
      const others = incident.responders.filter((each) => each.user !== user);
      const changed = { ...incident, responders: [...others, responder] };
      this.#put(changed);
      const type = 'incident.responder.added';
      this.#emit({ kind: 'responder', type, incident: changed, responder, by, at: requestedAt });
      this.#notify(changed, user, 'responder_request');
      return [responder];
    });
  }

  /** A person's answer to a request. False where nobody asked. */
  reply(id: string, user: string, state: 'joined' | 'declined'): boolean {
    const incident = this.#incidents.get(id);
    const asked = incident?.responders.find((each) => each.user === user);
    if (incident === undefined || asked === undefined) return false;
    const responder: Responder = { ...asked, state };
    const others = incident.responders.filter((each) => each.user !== user);
    const changed = { ...incident, responders: [...others, responder] };
    this.#put(changed);
    const by: Agent = { type: 'user_reference', id: user };
    const type = 'incident.responder.replied';
    this.#emit({ kind: 'responder', type, incident: changed, responder, by, at: this.#now() });
    return true;
  }

  #change(incident: Incident, what: string, by: Agent, at: number): void {
    this.#put(incident);
    this.#emit({ kind: 'incident', type: `incident.${what}`, incident, by, at });
  }

  #put(incident: Incident): void {
    this.#incidents.set(incident.id, incident);
  }

  #notify(incident: Incident, user: string, why: Notification['why']): void {
    const notification: Notification = { at: this.#now(), user, incident: incident.id, key: incident.key, why };
    this.#notifications = [...this.#notifications, notification].slice(-NOTIFICATIONS_KEPT);
    this.#emit({ kind: 'notified', notification });
  }

  #emit(change: Change): void {
    for (const watcher of this.#watchers) watcher(change);
  }
}

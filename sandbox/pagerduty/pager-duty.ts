import type { SicknessInput } from '#sandbox/hostile';
import type { Account } from './account.ts';
import type { PagerDutySettings, Webhook } from './settings.ts';
import type { Agent, Change, Incident, Notification } from './shapes.ts';
import type { Sent, WebhookFaults } from './webhook-sender.ts';

/** What a person does in the app, or on the telephone's keys. */
export interface PagerDutyUser {
  /** @throws Error when there is no such open incident. By its id or its key. */
  acknowledge(incident: string): void;
  unacknowledge(incident: string): void;
  resolve(incident: string): void;
  /** To a request to respond. @throws Error when nobody asked this person. */
  reply(incident: string, answer: 'joined' | 'declined'): void;
}

/** A PagerDuty account on this machine. */
export interface PagerDuty {
  /** Base of both APIs: what PAGERDUTY_EVENTS_URL and PAGERDUTY_API_URL are set to. */
  readonly url: string;
  readonly controlUrl: string;
  readonly routingKey: string;
  readonly accountToken: string;
  readonly readOnlyToken: string;
  readonly people: PagerDutySettings['people'];
  readonly incidents: readonly Incident[];
  /** Whose telephone rang when, oldest first. */
  readonly notifications: readonly Notification[];
  readonly webhooks: readonly Sent[];
  /** Three dropped in a row turned them off. */
  readonly webhooksDisabled: boolean;
  /** @throws Error for a person who is not of the account */
  as(user: string): PagerDutyUser;
  /** Where webhooks go from now on; nowhere when undefined. Turns them on again. */
  useWebhook(webhook: Webhook | undefined): void;
  /** Sends a test event. */
  ping(): void;
  /** Makes the next calls meet this. `part`: `events`, `rest`, or of it `responders`. */
  break(order: SicknessInput): void;
  /** What the next webhooks meet. */
  breakWebhooks(faults: Partial<WebhookFaults>): void;
  mend(): void;
  /** Resolves when every accepted event has become what it becomes, and no webhook is on its way. */
  settled(): Promise<void>;
  subscribe(watcher: (change: Change) => void): () => void;
  /** Idempotent. */
  stop(): Promise<void>;
}

export function userOf(account: Account, settings: PagerDutySettings, id: string): PagerDutyUser {
  if (!settings.people.some((person) => person.id === id)) throw new Error(`No user ${id} in this account.`);
  const by: Agent = { type: 'user_reference', id };
  const found = (idOrKey: string): Incident => {
    const incident = account.open(idOrKey) ?? account.incident(idOrKey);
    if (incident === undefined) throw new Error(`No open incident ${idOrKey}.`);
    return incident;
  };
  const sure = (done: boolean, incident: string): void => {
    if (!done) throw new Error(`That can not be done with incident ${incident} now.`);
  };
  return {
    acknowledge: (incident) => sure(account.acknowledge(found(incident).id, by), incident),
    unacknowledge: (incident) => sure(account.unacknowledge(found(incident).id, by), incident),
    resolve: (incident) => sure(account.resolve(found(incident).id, by), incident),
    reply: (incident, answer) => sure(account.reply(found(incident).id, id, answer), incident),
  };
}

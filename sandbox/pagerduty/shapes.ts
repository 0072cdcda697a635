/** Who or what did something: a user, or the service's own integration. */
export type Agent = { readonly type: 'user_reference' | 'service_reference'; readonly id: string };

export type ResponderState = 'pending' | 'joined' | 'declined';

export interface Responder {
  readonly user: string;
  readonly state: ResponderState;
  readonly requestedAt: number;
  readonly message: string;
}

export interface Incident {
  readonly id: string;
  readonly number: number;
  readonly key: string;
  readonly title: string;
  readonly severity: string;
  readonly source: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly href: string; readonly text?: string | undefined }[];
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly createdAt: number;
  readonly changedAt: number;
  readonly assignees: readonly string[];
  readonly acknowledgements: readonly { readonly at: number; readonly by: Agent }[];
  readonly responders: readonly Responder[];
  /** How many further events came under its key while it was open. */
  readonly alsoTriggered: number;
}

/** Somebody's telephone rang. */
export interface Notification {
  readonly at: number;
  readonly user: string;
  readonly incident: string;
  readonly key: string;
  readonly why: 'assigned' | 'responder_request';
}

/** A change, as those who watch are told of it, and as webhooks are made from. */
export type Change =
  | {
      readonly kind: 'incident';
      readonly type: string;
      readonly incident: Incident;
      readonly by: Agent;
      readonly at: number;
    }
  | {
      readonly kind: 'responder';
      readonly type: 'incident.responder.added' | 'incident.responder.replied';
      readonly incident: Incident;
      readonly responder: Responder;
      readonly by: Agent;
      readonly at: number;
    }
  | { readonly kind: 'notified'; readonly notification: Notification };

export interface Snapshot {
  readonly incidents: readonly Incident[];
  readonly notifications: readonly Notification[];
}

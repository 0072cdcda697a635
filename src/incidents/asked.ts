import type { IncidentId, PersonId, RequestId, Role } from '#core';
import type { SeverityName } from '#plan';
import type { Actor } from '#record';
import type { Cause, Incident, Leg, Via } from './incident.ts';

/** What a person asks of an incident. `intake` makes it once: the same again answers the same and changes nothing. */
export interface Asked {
  readonly incident: IncidentId;
  readonly by: PersonId;
  readonly intake: string;
}

/** The incident after it; `changed` false where it was so already. */
export interface Outcome {
  readonly incident: Incident;
  readonly changed: boolean;
}

export type Opening =
  | { readonly kind: 'found'; readonly cause: Cause }
  /** A person says so; guests too. The cause's key is made from the intake. */
  | { readonly kind: 'said'; readonly by: Actor; readonly intake: string; readonly cause: Omit<Cause, 'key'> };

/**
 * opened: it is new. joined: the cause is in an open incident already. reopened: it came back soon after the incident had
 * resolved itself. muted: somebody ended the incident while the cause lasts, and it is left alone until it was well once
 * (or, unless they said that it is none, for half an hour).
 */
export type Opened = Outcome & { readonly how: 'opened' | 'joined' | 'reopened' | 'muted' };

export interface Acknowledging extends Omit<Asked, 'by'> {
  /** Somebody who is not on the roster is recorded by the name that others use. */
  readonly by: Actor;
  readonly via: Via;
  /** When they did it, where that is not now. */
  readonly at?: Date;
}

export type Acknowledged = Outcome & {
  /** Whether calling stopped for any role; false: recorded, calling goes on. */
  readonly counts: boolean;
  /** For these somebody has it now because of this. */
  readonly roles: readonly Role[];
  /** Nobody has these yet. */
  readonly stillCalling: readonly Leg[];
};

/** Who would be woken by a raise, before anybody is. */
export interface Called {
  readonly role: Role | undefined;
  readonly people: readonly PersonId[];
  readonly at: Date;
}

export interface ChangingSeverity extends Asked {
  readonly to: SeverityName;
}

export interface Snoozing extends Asked {
  readonly until: Date;
}

/** A person, or whoever the ladder of a role names. */
export type Whom = { readonly person: PersonId } | { readonly role: Role };

export interface AddingResponder extends Asked {
  readonly whom: Whom;
}

export interface Assigning extends Asked {
  readonly role: Role;
  readonly to: PersonId;
}

export interface Updating extends Asked {
  readonly text: string;
}

export interface Ending extends Asked {
  readonly why: string;
}

export interface Merging extends Omit<Asked, 'by'> {
  readonly by: Actor;
  /** The one that goes on. */
  readonly into: IncidentId;
}

export interface Proposing {
  readonly incident: IncidentId;
  readonly request: RequestId;
}

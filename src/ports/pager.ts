import type { IncidentId } from '#core';

/** How urgent a page is, in the pager's own words; it says nothing about who is woken. */
export type PagerSeverity = 'critical' | 'error' | 'warning' | 'info';

/** What a page says. Push texts carry UTC only: they are read without our clock beside them. */
export interface PagerCall {
  /**
   * The deduplication key: the same key while it is open adds to it, another one calls people again. Made of the incident
   * and its severity, so that a raise calls again although somebody acknowledged the lower one.
   */
  readonly key: string;
  /** None for a test page, and where the control store does not answer. */
  readonly incident?: IncidentId | undefined;
  /** At most 1,024 characters; the first 60 must carry it. */
  readonly summary: string;
  readonly severity: PagerSeverity;
  /** What is broken: a region, or the system. */
  readonly source: string;
  /** Label and value, in reading order. */
  readonly details: readonly (readonly [string, string])[];
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

/** An incident as the pager has it. */
export interface PagerIncident {
  readonly key: string;
  /** The pager's own id. */
  readonly id: string;
  readonly state: 'triggered' | 'acknowledged' | 'resolved';
  /** Who acknowledged it, by the pager's user ids, with the time. */
  readonly acknowledgedBy: readonly { readonly user: string; readonly at: Date }[];
  readonly url: string | undefined;
  readonly changedAt: Date;
}

/**
 * The service that wakes people. Throws PAGER_UNAVAILABLE (transient: no answer in time, 5xx, too many calls;
 * `data.retryAfterMs` where it named a time) or PAGER_REFUSED (permanent: the key or the call is wrong; `data.status`). Every
 * call answers within its deadline, whatever the service does. All of them may be done again: the key makes it so.
 */
export interface Pager {
  /** Calls people. Accepted is not yet called: whether an incident came of it is seen by `incidents`. */
  trigger(call: PagerCall): Promise<void>;
  acknowledge(key: string): Promise<void>;
  resolve(key: string): Promise<void>;
  /**
   * Has these people called besides, by the pager's user ids; false where the pager knows no incident under this key yet, or
   * where there is no token for that. Whoever is called already is not called again.
   */
  callAlso(key: string, users: readonly string[]): Promise<boolean>;
  /** What the pager has under these keys; a key it does not know is left out. */
  incidents(keys: readonly string[]): Promise<readonly PagerIncident[]>;
  /** Whether it answers and takes our keys; what can't be done without the missing ones is said. */
  check(): Promise<{ readonly events: boolean; readonly rest: boolean }>;
}

import type { Clock, IncidentId } from '#core';
import type { Duty, Roster } from '#oncall';
import type { Plan } from '#plan';
import type { ControlStore, Notifier, Pager } from '#ports';
import type { Timeline } from '#record';
import type { Incident } from './incident.ts';

/** Where people open an incident's thread, or in a sentence why they can not and what they do instead. */
export type IncidentLink = { readonly url: string } | { readonly without: string };

/** Everything incidents need. All deadlines are compared with the store's clock; `clock` only measures patience. */
export interface IncidentsWorld {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly roster: Roster;
  readonly duty: Pick<Duty, 'ladders' | 'onDuty'>;
  /** Undefined: no pager is set up, so every page takes the second path at once. */
  readonly pager?: Pager | undefined;
  /** At most one a kind is used. */
  readonly notifiers: readonly Notifier[];
  readonly timeline: Timeline;
  readonly clock: Clock;
  /** Where people find the incident; pages carry this one link. */
  readonly linkTo?: (incident: IncidentId) => Promise<IncidentLink>;
  /** Whether a run of this incident is under way: it does not resolve itself meanwhile. Absent: never. */
  readonly isRunUnderWay?: (incident: Incident) => Promise<boolean>;
}

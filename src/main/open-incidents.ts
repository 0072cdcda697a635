import type { Clock } from '#core';
import { createIncidentLinks, isUnderWay, type Requests } from '#flows';
import type { IncidentsWorld } from '#incidents';
import { openDuty, type Roster } from '#oncall';
import type { Plan } from '#plan';
import type { ControlStore } from '#ports';
import type { Timeline } from '#record';
import type { Journal } from '#workflow';
import type { WaysToPeople } from './open-pager.ts';

interface Parts {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly roster: Roster;
  readonly timeline: Timeline;
  readonly clock: Clock;
}

/** What incidents act through. */
export function openIncidentsWorld(
  { plan, store, roster, timeline, clock }: Parts,
  ways: WaysToPeople,
  requests: Requests,
  journal: Journal,
): IncidentsWorld {
  return {
    ...{ plan, store, roster, timeline, clock },
    duty: openDuty({ roster, store, clock }),
    ...ways,
    linkTo: createIncidentLinks({ store, clock, channel: plan.contacts.channel }),
    isRunUnderWay: (incident) => isUnderWay(incident, { requests, journal }),
  };
}

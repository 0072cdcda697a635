/**
 * Incidents: what is wrong and needs people, who is called, who has it, and by when. One record an incident; every decision
 * is one compare-and-set of it. `tick` does what is due, `deliverPages` calls, `reconcile` keeps the pager in step.
 */
export { acknowledge } from './acknowledge.ts';
export type * from './asked.ts';
export { addCause, endCause } from './causes.ts';
export { changeSeverity } from './change-severity.ts';
export { callForStart, endStartCall, reachedForStart, type StartCall } from './coming-starts.ts';
export { deliverPages } from './deliver-pages.ts';
export { notAnIncident, reopen, resolve } from './end-incident.ts';
export { confirmStillOnIt, passOn, snooze } from './holding.ts';
export { Cause, Hold, Incident, KeptCause, Leg, openCauses, Via } from './incident.ts';
export { openIncidents, pagesOf, readIncident, recentIncidents } from './incident-records.ts';
export { nextCalls, wouldCall, wouldCount } from './ladder.ts';
export { mergeInto } from './merge-incidents.ts';
export { openIncident } from './open-incident.ts';
export { Page, PageWay, Way } from './page.ts';
export { type BlindOutcome, type BlindPage, pageBlind } from './page-blind.ts';
export { onPagerEvent, type PagerEvent } from './pager-events.ts';
export { reconcile } from './reconcile.ts';
export { addResponder, assign, handOver } from './responders.ts';
export { sendTestPage } from './test-page.ts';
export { tick } from './tick.ts';
export { addProposal, postponeUpdate, postUpdate } from './updates.ts';
export { severityWord } from './view.ts';
export type { IncidentLink, IncidentsWorld } from './world.ts';

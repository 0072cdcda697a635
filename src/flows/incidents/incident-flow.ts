import { openAlarms } from '#alarms';
import { asDrError, type Region } from '#core';
import { deliverPages, openCauses, openIncidents, recentIncidents, reconcile, tick } from '#incidents';
import type { Flow } from '../flow.ts';
import { alarmKey, isOfAlarm, signalsOfAlarm } from './alarm-signals.ts';
import { leftRegions } from './left-regions.ts';
import { mergeExplained } from './merge-explained.ts';
import { pageWithoutRecord } from './page-without-record.ts';
import { proposeFailover } from './propose-failover.ts';
import { type Finding, isStandby, type Signal, signalsOf, WHOLE_REGION } from './signal.ts';
import { takeSignals } from './take-signals.ts';

/** What the flow of incidents stands on, beside the flow of requests. */
export interface IncidentFlow<World> {
  readonly flow: Flow<World>;
  /** Where users are sent now; undefined: nobody can say. */
  readonly servedFrom: () => Promise<readonly Region[] | undefined>;
}

/**
 * From a signal to a record: signal > incident > page > escalate > resolve > record.
 *
 * signal: a detector's findings and open alarms come in here. incident: they open one, join one or end a cause
 * (take-signals.ts), and what turns out to be part of another goes on there (merge-explained.ts); a breach of the failover
 * thresholds has a failover asked for at once (propose-failover.ts). page and escalate: `incidentDuties` wakes src/incidents,
 * which re-reads what is due. resolve: causes that are over for a while, and no run under way. record: every decision is told
 * into the incident's thread from its own record.
 *
 * Throws STORE_UNAVAILABLE (transient): the next round brings the same again. Where a finding says that the store is gone,
 * people are paged without it first (page-without-record.ts).
 */
export async function takeFindings<World>(findings: readonly Finding[], world: IncidentFlow<World>): Promise<void> {
  try {
    await takeInto(findings, world);
  } catch (thrown) {
    if (asDrError(thrown).code === 'STORE_UNAVAILABLE') await pageWithoutRecord(findings, world.flow.incidents);
    throw thrown;
  }
}

async function takeInto<World>(findings: readonly Finding[], world: IncidentFlow<World>): Promise<void> {
  const served = await world.servedFrom();
  const { flow } = world;
  const left = await leftRegions(flow);
  await takeSignals(
    findings.flatMap((finding) => signalsOf(finding, served, left)),
    flow.incidents,
  );
  await mergeExplained(findings, flow);
  const breaches = findings.filter(
    ({ state, breach, critical, region }) => state === 'failing' && breach && critical && !isStandby(region, served),
  );
  if (breaches.length === 0) return;
  const open = await openIncidents(flow.store);
  for (const finding of breaches) {
    const incident = open.find((each) => openCauses(each).some(({ key }) => key === finding.key));
    if (incident) await proposeFailover(incident, breachOf(finding), served, flow);
  }
}

const breachOf = ({ key, region, title }: Finding): Parameters<typeof proposeFailover>[1] => ({
  from: region,
  title,
  dead: key.startsWith(WHOLE_REGION),
});

/** How many ended incidents are looked at for alarms that somebody did not want to hear of and that are over now. */
const REMEMBERED = 50;

/**
 * The same for alarms. While a Sev-1 is open no alarm opens an incident: people are there already, and what protects a
 * system suffers with it; what is still wrong afterwards opens one then.
 */
export async function takeAlarms<World>(flow: Flow<World>): Promise<void> {
  const [alarms, open, recent, left] = [
    await openAlarms(flow.store),
    await openIncidents(flow.store),
    await recentIncidents(flow.store, REMEMBERED),
    await leftRegions(flow),
  ];
  const roles = flow.roster.roles();
  const known = new Set(open.flatMap((incident) => openCauses(incident).map(({ key }) => key)));
  const isBusy = open.some(({ severity }) => severity === 'sev-1');
  const found = alarms.flatMap((alarm) => signalsOfAlarm(alarm, roles, left));
  const failing = found.flatMap((signal) => (signal.state === 'failing' ? [signal.cause.key] : []));
  const wrong = new Set([...alarms.map(alarmKey), ...failing]);
  const taken = found.filter((signal) => signal.state === 'well' || !isBusy || known.has(signal.cause.key));
  const ended = [...open, ...recent].flatMap(({ causes }) => causes.map(({ key }) => key));
  const well = [...new Set(ended)].filter((key) => isOfAlarm(key) && !wrong.has(key));
  await takeSignals([...taken, ...well.map((key): Signal => ({ state: 'well', key }))], flow.incidents);
}

/** Something to be done again and again, by one process at a time. */
export interface Recurring {
  readonly what: string;
  readonly everyMs: number;
  readonly work: () => Promise<void>;
}

/** Each by itself: a pager that does not answer for seconds must not keep the ladder from its next step. */
export function incidentDuties<World>(flow: Flow<World>): readonly Recurring[] {
  const { incidents } = flow;
  return [
    {
      what: 'the look for what incidents are due',
      everyMs: 1_000,
      work: async () => tick(incidents, await incidents.store.now()),
    },
    { what: 'the delivery of pages', everyMs: 1_000, work: () => deliverPages(incidents) },
    { what: 'the comparison with the pager', everyMs: 30_000, work: () => reconcile(incidents) },
    { what: 'the look for alarms that need people', everyMs: 5_000, work: () => takeAlarms(flow) },
  ];
}

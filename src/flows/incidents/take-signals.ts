import { asDrError } from '#core';
import {
  addCause,
  type Cause,
  endCause,
  type Incident,
  type IncidentsWorld,
  openCauses,
  openIncident,
  openIncidents,
} from '#incidents';
import { groupOf, type Signal, standbyGroupOf, WHOLE_REGION } from './signal.ts';

/** More would push everything else off a card; the rest of a group follows from the same. */
const MOST_CAUSES = 8;

/**
 * Has incidents opened, joined and ended by what is wrong and what is well again. What fails in one region is one incident,
 * however much it is; where the whole region is dead, only that is its cause. Idempotent: the same signals again change
 * nothing. Throws STORE_UNAVAILABLE (transient).
 */
export async function takeSignals(signals: readonly Signal[], incidents: IncidentsWorld): Promise<void> {
  const failing = signals.flatMap((signal) => (signal.state === 'failing' ? [signal.cause] : []));
  const open = await openIncidents(incidents.store);
  // before what is well: an incident whose cause turns into another one has not recovered in between
  for (const [group, causes] of Map.groupBy(failing, groupOf)) await takeGroup(group, causes, open, incidents);
  for (const signal of signals) if (signal.state === 'well') await endCause(incidents, signal);
}

async function takeGroup(
  group: string,
  causes: readonly Cause[],
  open: readonly Incident[],
  incidents: IncidentsWorld,
): Promise<void> {
  const [lead, ...others] = [...causes].sort(byWeight);
  if (!lead) return;
  const isWhole = lead.key.startsWith(WHOLE_REGION);
  const inGroup = (wanted: string | undefined) =>
    open.find((incident) => openCauses(incident).some((cause) => groupOf(cause) === wanted));
  let home = inGroup(group) ?? inGroup(standbyGroupOf(lead));
  for (const cause of isWhole ? [lead] : [lead, ...others]) {
    if (home && !isWhole && !hasRoom(home, cause)) continue;
    home = await takeCause(cause, home, open, incidents);
    if (!home) return;
  }
}

/** For another cause, for one that it has, and always for a worse one. */
const hasRoom = (incident: Incident, { key, severity }: Cause): boolean => {
  const kept = openCauses(incident);
  return kept.length < MOST_CAUSES || severity < incident.severity || kept.some((each) => each.key === key);
};

/** The incident that has the cause then; undefined where somebody said that it is none. */
async function takeCause(
  cause: Cause,
  home: Incident | undefined,
  open: readonly Incident[],
  incidents: IncidentsWorld,
): Promise<Incident | undefined> {
  const known = open.find((incident) => openCauses(incident).some(({ key }) => key === cause.key));
  if (known && !isNew(cause, known)) return known;
  const into = known ?? home;
  if (into) {
    try {
      return (await addCause(incidents, { incident: into.id, cause })).incident;
    } catch (thrown) {
      // it ended a moment ago
      if (asDrError(thrown).code !== 'WRONG_STATE') throw thrown;
    }
  }
  const opened = await openIncident(incidents, { kind: 'found', cause });
  return opened.how === 'muted' ? undefined : opened.incident;
}

/** Words whose numbers grow are no news: what decides is what it is called, how bad it is and what to do. */
function isNew(cause: Cause, { causes, recoveringSince }: Incident): boolean {
  const kept = causes.find(({ key, endedAt }) => key === cause.key && !endedAt);
  const same = (['title', 'severity', 'next', 'hostile'] as const).every((name) => kept?.[name] === cause[name]);
  return !same || recoveringSince !== undefined;
}

/** The dead region first, then the worst, then the oldest. */
function byWeight(a: Cause, b: Cause): number {
  const rank = ({ key, severity }: Cause): string => `${key.startsWith(WHOLE_REGION) ? 0 : 1}${severity}`;
  return rank(a).localeCompare(rank(b)) || a.since.getTime() - b.since.getTime();
}

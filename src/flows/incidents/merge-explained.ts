import { asDrError } from '#core';
import { type Incident, mergeInto, openCauses, openIncidents } from '#incidents';
import type { Flow } from '../flow.ts';
import { causeKeys, type Finding } from './signal.ts';

/** Older troubles were there before, and are no part of it. */
const TOGETHER_MS = 15 * 60_000;

/**
 * Where something is found that explains what other incidents were opened for a moment ago (a region dies, and its parts were
 * seen failing a round earlier), they go on in the incident of that: one trouble is one incident. Idempotent.
 */
export async function mergeExplained<World>(
  findings: readonly Pick<Finding, 'key' | 'consequenceOf'>[],
  { incidents }: Pick<Flow<World>, 'incidents'>,
): Promise<void> {
  const explained = new Map(
    findings.flatMap(({ key, consequenceOf: reason }) =>
      reason === undefined ? [] : causeKeys(key).map((each) => [each, reason] as const),
    ),
  );
  if (explained.size === 0) return;
  const open = await openIncidents(incidents.store);
  for (const reason of new Set(explained.values())) {
    const home = open.find((incident) => openCauses(incident).some(({ key }) => causeKeys(reason).includes(key)));
    if (!home) continue;
    for (const other of open) {
      if (other.id === home.id || !isPartOf(home, other)) continue;
      const causes = openCauses(other);
      if (causes.length === 0 || causes.some(({ key }) => explained.get(key) !== reason)) continue;
      await mergeOpen(other, home, incidents);
    }
  }
}

const isPartOf = (home: Incident, other: Incident): boolean =>
  Math.abs(home.openedAt.getTime() - other.openedAt.getTime()) <= TOGETHER_MS;

async function mergeOpen(other: Incident, home: Incident, incidents: Flow<unknown>['incidents']): Promise<void> {
  const intake = `${other.id}/explained-by/${home.id}`;
  try {
    await mergeInto(incidents, { incident: other.id, into: home.id, by: 'holdfast', intake });
  } catch (thrown) {
    // one of them ended a moment ago
    if (asDrError(thrown).code !== 'WRONG_STATE') throw thrown;
  }
}

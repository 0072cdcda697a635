import { asDrError, type Role } from '#core';
import { acknowledge, type Leg, readIncident } from '#incidents';
import type { Flow } from '../flow.ts';
import type { RequestRecord } from '../request-record.ts';

/**
 * Who approves what an incident's recovery waits for is on it: calling for their role stops as if they had acknowledged.
 * Nobody who runs a failover wants to be called about it meanwhile. Nothing for who is not called for; idempotent. What goes wrong
 * here must not make an approval look refused: calling goes on, and they say themselves that they have it.
 */
export async function hasByApproving<World>(request: RequestRecord, role: Role, flow: Flow<World>): Promise<void> {
  const { incident: id, approvals } = request;
  const person = approvals.findLast((each) => each.role === role)?.person;
  if (id === undefined || person === undefined) return;
  const incident = await readIncident(flow.incidents.store, id);
  const concerns = (leg: Leg): boolean => !leg.hold && (leg.role === role || leg.reached.includes(person));
  if (incident?.state !== 'open' || !incident.legs.some(concerns)) return;
  const intake = `${request.id}/approved/${person}`;
  try {
    await acknowledge(flow.incidents, { incident: id, by: person, via: 'approval', intake });
  } catch (thrown) {
    if (asDrError(thrown).kind === 'bug') throw thrown;
  }
}

import type { RequestStanding } from '#approvals';
import type { Flow } from './flow.ts';
import type { RequestRecord } from './request-record.ts';

/** Where a request stands, as far as approving goes; `progress` says how far its run is. */
export async function standingOf<World>(request: RequestRecord, flow: Flow<World>): Promise<RequestStanding> {
  const { state, expiresAt, askedAt, decidedAt, decidedBy } = request;
  const when = decidedAt ?? askedAt;
  switch (state) {
    case 'waiting':
    case 'checking':
      return { kind: 'waiting', expiresAt: expiresAt ?? askedAt };
    case 'expired':
      return { kind: 'expired', at: expiresAt ?? when };
    case 'approved': {
      const progress = await progressOf(request, flow);
      return { kind: 'approved', at: when, ...(progress ? { progress } : {}) };
    }
    default:
      return { kind: state, at: when, ...(decidedBy ? { by: decidedBy } : {}) };
  }
}

async function progressOf<World>(request: RequestRecord, flow: Flow<World>): Promise<string | undefined> {
  const run = (await flow.journal.get(request.id))?.value;
  if (!run) return undefined;
  if (run.state !== 'running') return `is ${run.state}`;
  const step = run.steps.findIndex(({ state }) => state !== 'done') + 1;
  return `is at step ${step} of ${run.steps.length}`;
}

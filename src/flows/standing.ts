import type { RequestStanding } from '#approvals';
import type { RunRecord } from '#workflow';
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
  return `is at ${stepOf(run)}`;
}

/** The step that a run has come to: `step 3 of 8`. */
export function stepOf({ steps }: Pick<RunRecord, 'steps'>): string {
  const done = steps.filter(({ state }) => state === 'done').length;
  return `step ${Math.min(done + 1, steps.length)} of ${steps.length}`;
}

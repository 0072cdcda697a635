import { asDrError, type RequestId } from '#core';
import { changeRecord } from '#ports';
import type { Flow } from './flow.ts';
import { type RequestRecord, refusedFor } from './request-record.ts';
import { startRun } from './start-run.ts';
import { retellRequest, settleTold, tellDecided, tellHalfGone } from './tell-request.ts';

/**
 * What is due by the control store's clock, found by looking, so that no timer and no process is needed for it:
 * requests that expired, reminders at half time, entries and runs that a crashed bot did not write.
 * Idempotent and safe in any number of processes.
 */
export async function sweepRequests<World>(flow: Flow<World>): Promise<void> {
  const now = await flow.store.now();
  const waiting = await flow.requests.find({ where: { state: 'waiting' }, limit: 100 });
  for (const { value } of waiting) {
    if (!value.expiresAt) continue;
    if (value.expiresAt <= now) await expire(value, now, flow);
    else if (!value.remindedAt && isHalfGone(value, now)) await remind(value, now, flow);
  }
  // Before the runs: what approved a run stands in the record before what the run did.
  const untold = await flow.requests.find({ where: { untold: true }, limit: 100 });
  for (const { value } of untold) await retellRequest(value, flow);
  const approved = await flow.requests.find({ where: { state: 'approved', started: false }, limit: 100 });
  for (const { value } of approved) await startOrRefuse(value, flow);
}

/** A request that can't start for a reason that no repetition mends must not hold up those behind it. */
async function startOrRefuse<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  try {
    await startRun(request, flow);
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.kind === 'transient') throw error;
    flow.logger.error({ err: error, request: request.id }, 'an approved request can not start');
    const now = await flow.store.now();
    const refused = await changeOnly(request.id, flow, (current) =>
      current.state === 'approved' && !current.started ? refusedFor(current, error, now) : undefined,
    );
    if (refused?.state !== 'refused') return;
    await tellDecided(refused, flow);
    await settleTold(refused, flow);
  }
}

function isHalfGone({ expiresAt, preview }: RequestRecord, now: Date): boolean {
  if (!expiresAt || !preview) return false;
  const whole = expiresAt.getTime() - preview.madeAt.getTime();
  return now.getTime() - preview.madeAt.getTime() > whole / 2;
}

async function expire<World>(request: RequestRecord, now: Date, flow: Flow<World>): Promise<void> {
  const expired = await changeOnly(request.id, flow, (current) =>
    current.state === 'waiting' && current.expiresAt && current.expiresAt <= now
      ? { ...current, state: 'expired', decidedAt: now, untold: true }
      : undefined,
  );
  if (expired?.state !== 'expired') return;
  await tellDecided(expired, flow);
  await settleTold(expired, flow);
}

async function remind<World>(request: RequestRecord, now: Date, flow: Flow<World>): Promise<void> {
  const reminded = await changeOnly(request.id, flow, (current) =>
    current.state === 'waiting' && !current.remindedAt ? { ...current, remindedAt: now, untold: true } : undefined,
  );
  if (reminded?.state !== 'waiting') return;
  await tellHalfGone(reminded, flow);
  await settleTold(reminded, flow);
}

const changeOnly = <World>(
  id: RequestId,
  flow: Flow<World>,
  change: (current: RequestRecord) => RequestRecord | undefined,
): Promise<RequestRecord | undefined> => changeRecord(flow.requests, id, change);

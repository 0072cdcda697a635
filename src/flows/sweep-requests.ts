import { asDrError, at, outside, type RequestId, say } from '#core';
import { changeRecord } from '#ports';
import type { Flow } from './flow.ts';
import type { RequestRecord } from './request-record.ts';
import { startRun } from './start-run.ts';
import { tell } from './tell.ts';

/**
 * What is due by the control store's clock, found by looking, so that no timer and no process is needed for it:
 * requests that expired, reminders at half time, approved requests whose run a crashed bot did not write.
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
      current.state === 'approved' && !current.started
        ? { ...current, state: 'refused', decidedAt: now, decisionReason: error.message }
        : undefined,
    );
    if (refused?.state !== 'refused') return;
    await tell(flow, refused, 'refused', say`Refused: ${outside(error.message)} Nothing was changed.`, {
      actor: 'holdfast',
      notify: refused.asker.person ? [refused.asker.person] : [],
    });
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
      ? { ...current, state: 'expired', decidedAt: now }
      : undefined,
  );
  if (expired?.state !== 'expired') return;
  const missing = missingLabels(expired);
  await tell(flow, expired, 'expired', [`Expired: ${missing.join(' and ')} did not answer. Nothing was changed.`], {
    actor: 'holdfast',
    notify: expired.asker.person ? [expired.asker.person] : [],
  });
}

async function remind<World>(request: RequestRecord, now: Date, flow: Flow<World>): Promise<void> {
  const reminded = await changeOnly(request.id, flow, (current) =>
    current.state === 'waiting' && !current.remindedAt ? { ...current, remindedAt: now } : undefined,
  );
  if (!reminded?.expiresAt) return;
  const open = reminded.needs.filter((_, slot) => !reminded.approvals.some((approval) => approval.slot === slot));
  await tell(
    flow,
    reminded,
    'note',
    say`Half of the time is gone. Still missing: ${missingLabels(reminded).join(', and ')}. Open until ${at(reminded.expiresAt)}.`,
    { actor: 'holdfast', part: 'half', notify: open.flatMap(({ eligible }) => eligible) },
  );
}

const changeOnly = <World>(
  id: RequestId,
  flow: Flow<World>,
  change: (current: RequestRecord) => RequestRecord | undefined,
): Promise<RequestRecord | undefined> => changeRecord(flow.requests, id, change);

/** Labels of the consents still missing. */
export const missingLabels = ({ needs, approvals }: RequestRecord): string[] =>
  needs.filter((_, slot) => !approvals.some((approval) => approval.slot === slot)).map(({ label }) => label);

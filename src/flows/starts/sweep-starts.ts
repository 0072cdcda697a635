import { heardBy, isAnnounced, notTold, signAnnouncement, signUnheld } from '#approvals';
import { asDrError } from '#core';
import { reachedForStart, readIncident } from '#incidents';
import { changeRecord } from '#ports';
import type { Flow } from '../flow.ts';
import { refuseAfterMove } from '../moves/last-move.ts';
import type { RequestRecord } from '../request-record.ts';
import { startRun } from '../start-run.ts';
import { retellRequest } from '../tell-request.ts';
import { policyOfRequest } from './policy-of-request.ts';
import { vetoMinutesOf } from './veto-minutes.ts';

/** Whoever listens to people, and since when by the monotonic clock. */
export interface Listening {
  readonly sinceMs: number;
}

/** People who could not be heard for a while get so long to hold what was to start meanwhile. */
const HEARD_FOR_MS = 60_000;

/**
 * Announces what starts by itself, and starts it when its time has come and nobody held it. Done by the process that listens
 * to people: it has the key that signs, and where nobody can be heard nothing may start. The moment is stored, so a restart
 * changes nothing. Whatever stands in the way turns it into a request that waits for approvals. Idempotent, and safe in any
 * number of processes.
 */
export async function sweepStarts<World>(flow: Flow<World>, listening: Listening): Promise<void> {
  const waiting = await flow.requests.find({ where: { state: 'waiting' }, limit: 100 });
  for (const { value } of waiting) {
    if (!value.starts || value.starts.off) continue;
    if (value.starts.announced) await startIfDue(value, listening, flow);
    else await announce(value, flow);
  }
}

async function announce<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  const minutes = minutesFor(request, flow);
  const now = await flow.store.now();
  const why = minutes === undefined ? NOT_BY_PLAN : await whyNotFor(request, flow);
  if (why !== undefined || minutes === undefined || !request.preview) return turnOff(request, why, now, flow);
  const startsAt = new Date(now.getTime() + minutes * 60_000);
  const said = { previewHash: request.preview.hash, at: now, startsAt };
  const announced = signAnnouncement(request.id, said, flow.approvalKeys);
  await changeStarts(request, flow, (starts) => (starts.announced ? undefined : { starts: { announced } }));
}

const NOT_BY_PLAN = 'plan.yaml lets it start with approvals only';

async function startIfDue<World>(request: RequestRecord, listening: Listening, flow: Flow<World>): Promise<void> {
  const { incident, preview, starts } = request;
  const announced = starts?.announced;
  const now = await flow.store.now();
  if (!announced || !preview || !incident || now < announced.startsAt) return;
  if (flow.clock.monotonicMs() - listening.sinceMs < HEARD_FOR_MS) return;
  const minutes = minutesFor(request, flow);
  const policy = policyOfRequest(request, flow);
  if (minutes === undefined || !policy) return turnOff(request, NOT_BY_PLAN, now, flow);
  const isOurs = isAnnounced(request.id, announced, flow.approvalKeys.publicKey);
  if (!isOurs || announced.previewHash !== preview.hash) {
    return turnOff(request, 'its announcement is not signed by Holdfast', now, flow);
  }
  const { id } = request;
  const told = await reachedForStart(flow.incidents, { incident, request: id, at: announced.startsAt });
  const missing = notTold({ told }, { policy, roster: flow.roster }).map((person) => flow.roster.name(person));
  if (missing.length > 0) return turnOff(request, `${missing.join(', ')} could not be told`, now, flow);
  const why = await whyNotFor(request, flow);
  if (why !== undefined) return turnOff(request, why, now, flow);
  if (now < heardBy({ told }, minutes)) return;
  const { previewHash, at: announcedAt, startsAt } = announced;
  const unheld = signUnheld(id, { previewHash, announcedAt, startsAt, told, at: now }, flow.approvalKeys);
  const next = await changeStarts(request, flow, (current) => ({
    starts: { ...current, unheld },
    state: 'approved',
    decidedAt: now,
  }));
  if (next?.starts?.unheld) await startRun(next, flow);
}

const minutesFor = <World>(request: RequestRecord, { plan }: Flow<World>): number | undefined =>
  request.preview && vetoMinutesOf(request.preview.preview.job, request, plan);

/** What has changed around it since it was asked for; undefined: nothing. */
async function whyNotFor<World>(request: RequestRecord, flow: Flow<World>): Promise<string | undefined> {
  if (request.preview?.planHash !== flow.planHash) return 'plan.yaml changed since it was previewed';
  const incident = request.incident && (await readIncident(flow.store, request.incident));
  if (incident?.state !== 'open') return `${request.incident ?? 'its incident'} is over`;
  if (incident.recoveringSince) return `${incident.id} is well again`;
  const moved = await refuseAfterMove(request.line, flow).then(() => undefined, asDrError);
  if (moved && moved.kind !== 'user') throw moved;
  return moved?.message.replace(/[.]$/, '');
}

async function turnOff<World>(
  request: RequestRecord,
  why: string | undefined,
  at: Date,
  flow: Flow<World>,
): Promise<void> {
  await changeStarts(request, flow, (starts) => ({ starts: { ...starts, off: { at, ...(why ? { why } : {}) } } }));
}

/** One compare-and-set, then the record: only a request that still waits, of the same round, and that nobody held. */
async function changeStarts<World>(
  request: RequestRecord,
  flow: Flow<World>,
  change: (starts: NonNullable<RequestRecord['starts']>) => Partial<RequestRecord> | undefined,
): Promise<RequestRecord | undefined> {
  const next = await changeRecord(flow.requests, request.id, (current) => {
    const { starts, state, voids } = current;
    if (state !== 'waiting' || voids !== request.voids || !starts || starts.off) return undefined;
    const changed = change(starts);
    return changed && { ...current, ...changed, untold: true as const };
  });
  if (next?.untold) await retellRequest(next, flow);
  return next;
}

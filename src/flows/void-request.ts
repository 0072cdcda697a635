import { needsOf } from '#approvals';
import { previewHash } from '#chatops';
import { asDrError, DrError, type RequestId } from '#core';
import { changeRecord } from '#ports';
import { askedInRequest } from './asked.ts';
import { driftBetween } from './drift.ts';
import type { Flow } from './flow.ts';
import { previewOf } from './hold-at.ts';
import { rulesFor } from './job-of.ts';
import { policyOf } from './policy-of.ts';
import { refusedFor } from './request-record.ts';
import { askOnNewCard, retellRequest } from './tell-request.ts';

/**
 * After a run was refused because things changed: makes a new preview and asks the same people again, the old
 * approvals gone. When there is no new preview to be made (the target is not ready any more), the request ends.
 * Idempotent: the request's round is counted, and only the round that was voided is asked again.
 */
export async function voidRequest<World>(id: RequestId, flow: Flow<World>): Promise<void> {
  const request = (await flow.requests.get(id))?.value;
  if (request?.state !== 'approved' || !request.preview) return;
  const command = flow.commands.find(({ name }) => name === request.command);
  if (command?.does.kind !== 'runs') return;
  const policy = policyOf(rulesFor(command, request.args, flow), flow);
  if (policy === 'none') return;
  const asked = askedInRequest(request, flow);
  const made = await previewOf(command, request, asked, flow).catch(asDrError);
  const now = await flow.store.now();
  const needs = needsOf(policy, flow.roster, request.asker.person);
  const next = await changeRecord(flow.requests, id, (current) => {
    if (current.state !== 'approved' || current.voids !== request.voids) return undefined;
    if (made instanceof DrError) return refusedFor(current, made, now);
    const preview = { ...made, facts: { ...made.facts, approvers: needs } };
    const before = current.preview?.preview;
    // what was announced is another preview: only people start this one
    const { decidedAt: _decided, remindedAt: _reminded, starts: _starts, ...rest } = current;
    return {
      ...rest,
      state: 'waiting' as const,
      started: false,
      needs,
      approvals: [],
      voids: current.voids + 1,
      voided: { at: now, rows: before ? driftBetween(before, preview) : [] },
      untold: true as const,
      preview: { preview, hash: previewHash(preview), planHash: flow.planHash, madeAt: now },
      expiresAt: new Date(now.getTime() + policy.expiresAfterMinutes * 60_000),
    };
  });
  if (!next?.untold) return;
  if (next.state === 'waiting') await askOnNewCard(next, { ...request, decidedAt: now, voided: next.voided }, flow);
  await retellRequest(next, flow);
}

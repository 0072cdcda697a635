import { bold, mention, outside, type PersonId, say, shortHash, type Text, at as time } from '#core';
import { changeRecord } from '#ports';
import { newRoot } from '#record';
import { callApprovers } from './call-approvers.ts';
import { closedCard } from './cards/ended-cards.ts';
import type { Flow } from './flow.ts';
import { missingLabels } from './missing-labels.ts';
import type { RequestRecord } from './request-record.ts';
import { endCall, tellStarts } from './starts/tell-starts.ts';
import { asJson, tell } from './tell.ts';
import { viewOf } from './view-of.ts';

/**
 * What a request's own record says, as entries of the timeline. A change of a request is one write and its entry is
 * another; `untold` stands in the request between the two, so that a crash there loses no entry: the sweep writes it.
 */
export async function retellRequest<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  if (request.preview) {
    if (request.voids > 0) await askOnNewCard(request, request, flow);
    await tellPreviewed(request, flow);
    if (request.state === 'waiting') await callApprovers(request, flow);
  }
  for (const { person } of request.approvals) await tellApproval(request, person, flow);
  for (const { person, at } of request.takenBack ?? []) await tellTakenBack(request, person, at, flow);
  await tellStarts(request, flow);
  if (request.state === 'waiting' && request.remindedAt) await tellHalfGone(request, flow);
  await tellDecided(request, flow);
  await settleTold(request, flow);
}

/** Its entries are written. Left standing when somebody changed the request meanwhile: they settle it themselves. */
export async function settleTold<World>(told: RequestRecord, flow: Pick<Flow<World>, 'requests'>): Promise<void> {
  await changeRecord(flow.requests, told.id, ({ untold, ...current }) =>
    untold && moment(current) === moment(told) ? current : undefined,
  );
}

const moment = (request: Omit<RequestRecord, 'untold'>): string => {
  const { state, voids, approvals, takenBack, remindedAt, starts } = request;
  const start = [starts?.announced, starts?.off, starts?.unheld].map((each) => (each ? 1 : 0)).join('');
  return [state, voids, approvals.length, takenBack?.length ?? 0, remindedAt?.getTime() ?? 0, start].join('/');
};

/** The preview, and that people were called to it; a voided request's next round says so. */
export async function tellPreviewed<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  const { preview, needs, voids, expiresAt } = request;
  if (!preview) return;
  const eligible = needs.flatMap((need) => need.eligible);
  const data = asJson({
    preview: preview.hash,
    facts: preview.preview.facts,
    limits: preview.preview.limits,
    plan: preview.planHash,
  });
  const mark = shortHash(preview.hash);
  if (voids > 0) {
    const until = expiresAt ?? preview.madeAt;
    const text = say`New preview ${mark}. All approvals are needed again. Open until ${time(until)}.`;
    const people = [...(request.asker.person ? [request.asker.person] : []), ...eligible];
    await tell(flow, request, 'previewed', text, { actor: 'holdfast', notify: people, data });
    return;
  }
  const people = new Set(eligible).size;
  const text: Text =
    people === 0
      ? [`Preview ${mark}. Needs nobody's approval.`]
      : [`Preview ${mark}. Approvers told: ${people} people.`];
  await tell(flow, request, 'previewed', text, { notify: eligible, data });
}

/** A voided request is asked for on a new card; the old one ends as VOID, as it stood. Idempotent. */
export async function askOnNewCard<World>(
  request: RequestRecord,
  stood: RequestRecord,
  flow: Flow<World>,
): Promise<void> {
  const view = await viewOf(request.id, flow);
  if (!view) return;
  await newRoot(flow.store, request.id, request.voids + 1, closedCard({ ...view, request: stood }, 'VOID'));
}

export async function tellApproval<World>(request: RequestRecord, person: PersonId, flow: Flow<World>): Promise<void> {
  const index = request.approvals.findIndex((each) => each.person === person);
  const approval = request.approvals[index];
  if (!approval) return;
  const role = flow.roster.title(approval.role);
  const count = `${index + 1} of ${request.needs.length}`;
  const text = say`${mention(person)} approved as ${role} (preview ${shortHash(approval.previewHash)}). ${count}.`;
  const { signature, slot, via, stepUp, previewHash } = approval;
  await tell(flow, request, 'approved', text, {
    actor: person,
    part: `${person}/${approval.at.getTime()}`,
    data: { role: approval.role, slot, via, stepUp, preview: previewHash, signature },
  });
}

/** `at`: when the approval was given that was taken back. */
export async function tellTakenBack<World>(
  request: RequestRecord,
  person: PersonId,
  at: Date,
  flow: Flow<World>,
): Promise<void> {
  await tell(flow, request, 'note', say`${mention(person)} took their approval back.`, {
    actor: person,
    part: `unapproved/${person}/${at.getTime()}`,
  });
}

export async function tellHalfGone<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  const { needs, approvals, expiresAt, askedAt } = request;
  const open = needs.filter((_, slot) => !approvals.some((approval) => approval.slot === slot));
  const missing = missingLabels(request).join(', and ');
  const text = say`Half of the time is gone. Still missing: ${missing}. Open until ${time(expiresAt ?? askedAt)}.`;
  await tell(flow, request, 'note', text, {
    actor: 'holdfast',
    part: 'half',
    notify: open.flatMap(({ eligible }) => eligible),
  });
}

/** How a request ended without a run; nothing while it waits or runs. */
export async function tellDecided<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  await endCall(request, flow);
  const { state, decidedBy, decisionReason = '', asker } = request;
  const who = decidedBy ? mention(decidedBy) : bold('Holdfast');
  const actor = decidedBy ?? 'holdfast';
  const notify = asker.person ? [asker.person] : [];
  switch (state) {
    case 'denied':
      return tell(flow, request, 'denied', say`${who} denied: ${outside(decisionReason)} Nothing was changed.`, {
        actor,
        notify,
      });
    case 'cancelled':
      return tell(flow, request, 'cancelled', say`${who}, who asked, cancelled. Nothing was changed.`, { actor });
    case 'expired': {
      const missing = missingLabels(request).join(' and ');
      return tell(flow, request, 'expired', [`Expired: ${missing} did not answer. Nothing was changed.`], {
        actor,
        notify,
      });
    }
    case 'refused': {
      // Who typed it reads the refusal at once; only those whose approvals came to nothing must be called.
      const called = request.preview ? [...notify, ...request.approvals.map(({ person }) => person)] : [];
      const why = decisionReason.replace(/\s*Nothing was changed\.$/, '');
      return tell(flow, request, 'refused', say`Refused: ${why} Nothing was changed.`, {
        actor,
        notify: called,
      });
    }
    default:
      return undefined;
  }
}

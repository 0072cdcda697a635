import {
  type ApprovalRequest,
  decide,
  deny as decideDenial,
  explainRefusal,
  type Refusal,
  signApproval,
  unapprove as takeBack,
} from '#approvals';
import { at, DrError, mention, outside, type PersonId, RequestId, Sha256, say, shortHash } from '#core';
import type { Card } from '#ports';
import { changeRecord } from '#ports';
import { plainText } from '#record';
import { demandClose } from '#workflow';
import { authoriseSteering } from './authorise.ts';
import { plain } from './errors-to-card.ts';
import type { Flow } from './flow.ts';
import { marks } from './hash-mark.ts';
import { missingLabels } from './missing-labels.ts';
import { policyOf } from './policy-of.ts';
import type { RequestRecord } from './request-record.ts';
import { standingOf } from './standing.ts';
import { startRun } from './start-run.ts';
import { tell } from './tell.ts';
import { retellRequest, settleTold, tellApproval, tellDecided, tellTakenBack } from './tell-request.ts';

/** Who decides, as far as that was proven: by a Slack account, or by a personal token in the terminal. */
export interface Decider {
  readonly person?: PersonId | undefined;
  readonly name: string;
  readonly via: 'slack' | 'terminal' | 'schedule';
}

export interface Consent {
  readonly request: RequestId;
  /** The preview that the person saw: the whole hash from a button, or its first eight digits typed. */
  readonly preview: string;
  /** Six digits of an authenticator, where the policy asks for a second proof. */
  readonly code?: string | undefined;
}

/**
 * Counts one approval, signed, by compare-and-set: of ten clicks at once one counts, and the tenth reads that it was
 * counted already. When it is the last one missing, the run is started. Throws APPROVAL_REFUSED with the exact reason.
 */
export async function approve<World>(consent: Consent, by: Decider, flow: Flow<World>): Promise<Card> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const seen = await flow.requests.get(consent.request);
    if (!seen?.value.preview) throw unknown(consent.request);
    const open = await openFor(seen.value, flow);
    const now = await flow.store.now();
    const account = by.via === 'slack' && by.person ? flow.roster.account(by.person) : undefined;
    const decision = decide(
      open,
      {
        person: by.person,
        ...(account ? { account } : {}),
        via: by.via === 'slack' ? 'slack' : 'terminal',
        previewHash: wholeHash(consent.preview, open.previewHash),
        buttonIsOurs: true,
        stepUp: await flow.stepUp.prove({
          policy: open.policy,
          person: by.person,
          code: consent.code,
          request: consent.request,
        }),
        at: now,
      },
      flow.roster,
    );
    if (decision.kind === 'refused') {
      // The same click again, after a crash: what it did the first time may not be told yet.
      if (seen.value.untold) await retellRequest(seen.value, flow);
      throw await refused(decision.refusal, seen.value, open, by, flow);
    }
    const approval = signApproval(consent.request, decision.approval, flow.approvalKeys);
    const next: RequestRecord = {
      ...seen.value,
      approvals: [...seen.value.approvals, approval],
      ...(decision.complete ? { state: 'approved', decidedAt: now } : {}),
      untold: true,
    };
    if (!(await flow.requests.replace(seen, next))) continue;
    // Those before it too: two who click at once are told in the order in which they counted.
    for (const { person } of next.approvals) await tellApproval(next, person, flow);
    await settleTold(next, flow);
    if (decision.complete) await startRun(next, flow);
    return approvedCard(next, approval.role, flow);
  }
  throw new DrError('STORE_UNAVAILABLE', 'transient', `${consent.request} kept changing. Press again.`);
}

function approvedCard<World>(
  request: RequestRecord,
  role: Parameters<Flow<World>['roster']['title']>[0],
  flow: Flow<World>,
): Card {
  const missing = missingLabels(request);
  const rest = missing.length === 0 ? 'It starts now.' : `Still missing: ${missing.join(', and ')}.`;
  return plain(`Counted. ${rest}`, [say`Counted: you approved ${request.id} as ${flow.roster.title(role)}. ${rest}`]);
}

/** Refuses a request with a reason; whoever could approve may. */
export async function deny<World>(id: RequestId, reason: string, by: Decider, flow: Flow<World>): Promise<Card> {
  const seen = await flow.requests.get(id);
  if (!seen) throw unknown(id);
  const open = await openFor(seen.value, flow);
  const now = await flow.store.now();
  const denial = decideDenial(open, { person: by.person, at: now, buttonIsOurs: true }, reason, flow.roster);
  if (denial.kind === 'refused') throw await refused(denial.refusal, seen.value, open, by, flow);
  const denied: RequestRecord = {
    ...seen.value,
    state: 'denied',
    decidedAt: now,
    decidedBy: denial.by,
    decisionReason: denial.reason,
    untold: true,
  };
  if (!(await flow.requests.replace(seen, denied))) return deny(id, reason, by, flow);
  await tellDecided(denied, flow);
  await settleTold(denied, flow);
  return plain(
    `${id} is denied.`,
    [`${id} is denied. Nothing was changed.`].map((line) => [line]),
  );
}

/** Takes one's own approval back, while the request waits. */
export async function unapprove<World>(id: RequestId, by: Decider, flow: Flow<World>): Promise<Card> {
  const seen = await flow.requests.get(id);
  if (!seen) throw unknown(id);
  const open = await openFor(seen.value, flow);
  const taken = takeBack(open, by.person, await flow.store.now());
  if (taken.kind === 'not-given')
    return plain('Nothing to take back.', [[`You have not approved ${id}. Nothing was changed.`]]);
  if (taken.kind === 'refused') throw await refused(taken.refusal, seen.value, open, by, flow);
  const { person, at: givenAt } = taken.was;
  const next: RequestRecord = {
    ...seen.value,
    approvals: [...taken.approvals],
    takenBack: [...(seen.value.takenBack ?? []), { person, at: givenAt }],
    untold: true,
  };
  if (!(await flow.requests.replace(seen, next))) return unapprove(id, by, flow);
  await tellTakenBack(next, person, givenAt, flow);
  await settleTold(next, flow);
  return plain('Taken back.', [
    [`Your approval of ${id} is taken back. Still missing: ${missingLabels(next).join(', and ')}.`],
  ]);
}

/** The asker takes a waiting request back; a failed run is closed, so that the next movement may start. */
export async function cancel<World>(id: RequestId, by: Decider, flow: Flow<World>): Promise<Card> {
  const request = (await flow.requests.get(id))?.value;
  if (!request) throw unknown(id);
  const run = (await flow.journal.get(id))?.value;
  if (run?.state === 'failed') {
    const closer = authoriseSteering('stop', by, flow);
    await demandClose(flow.journal, id, { by: closer, at: await flow.store.now() });
    await tell(flow, request, 'note', say`${mention(closer)} closed the failed run. It stays as it is.`, {
      actor: closer,
      part: 'closed',
    });
    return plain(`${id} is closed.`, [
      [`${id} is closed as it is. Nothing was put back; the next movement may start.`],
    ]);
  }
  if (by.person === undefined || by.person !== request.asker.person) {
    throw new DrError(
      'NOT_ALLOWED',
      'user',
      `Only ${request.asker.name}, who asked, can cancel ${id}. Nothing was changed.`,
      {
        hint: `Approvers deny: /dr deny ${id} --reason "..."`,
      },
    );
  }
  const canceller = by.person;
  const now = await flow.store.now();
  const cancelled = await changeRecord(flow.requests, id, (current) =>
    current.state === 'waiting'
      ? { ...current, state: 'cancelled' as const, decidedAt: now, decidedBy: canceller, untold: true as const }
      : undefined,
  );
  if (cancelled?.state !== 'cancelled') {
    throw new DrError('WRONG_STATE', 'user', `${id} is ${cancelled?.state ?? 'gone'}; there is nothing to cancel.`, {
      hint: `To stop what runs: /dr stop ${id}`,
    });
  }
  await tellDecided(cancelled, flow);
  await settleTold(cancelled, flow);
  return plain(`${id} is cancelled.`, [say`${id} is cancelled ${at(now)}. Nothing was changed.`]);
}

async function openFor<World>(request: RequestRecord, flow: Flow<World>): Promise<ApprovalRequest> {
  const command = flow.commands.find(({ name }) => name === request.command);
  const policy = command ? policyOf(command, flow) : 'none';
  if (policy === 'none' || !request.preview) {
    throw new DrError('WRONG_STATE', 'user', `${request.id} needs nobody's approval. Nothing was changed.`);
  }
  return {
    request: request.id,
    policy,
    previewHash: request.preview.hash,
    requester: request.asker.person,
    standing: await standingOf(request, flow),
    approvals: request.approvals,
  };
}

/** What a button's value, or a form's context, names: the request and the preview it was drawn for. */
export function consentIn(value: string): Consent {
  const [number, preview = ''] = value.split(' ');
  const request = RequestId.safeParse(number);
  if (!request.success) throw new DrError('REQUEST_UNKNOWN', 'user', 'That names no request. Nothing was changed.');
  return { request: request.data, preview };
}

/** A refusal is an answer to the person, and an entry in the record; a code that is still to be given is no refusal. */
async function refused<World>(
  refusal: Refusal,
  request: RequestRecord,
  open: ApprovalRequest,
  by: Decider,
  flow: Flow<World>,
): Promise<DrError> {
  const { text } = explainRefusal(refusal, { open, roster: flow.roster });
  const now = await flow.store.now();
  const words = plainText(text, (person) => flow.roster.name(person), now);
  if (refusal.kind === 'step-up-needed') {
    return new DrError('APPROVAL_REFUSED', 'user', words, {
      hint: `/dr approve ${request.id} --preview ${shortHash(open.previewHash)} --code <6 digits>`,
      data: { refusal: refusal.kind, text },
    });
  }
  await tell(
    flow,
    request,
    'not-counted',
    say`Not counted, ${refusal.kind}: ${by.person ? mention(by.person) : outside(by.name)}`,
    {
      actor: by.person ?? { outsider: by.name },
      part: `${by.person ?? by.name}/${refusal.kind}/${now.getTime()}`,
      data: { refusal: refusal.kind },
    },
  );
  return new DrError('APPROVAL_REFUSED', 'user', words, { data: { refusal: refusal.kind, text } });
}

/** What a person typed is short; it stands for the whole hash only when that begins so. */
function wholeHash(given: string, current: Sha256): Sha256 | undefined {
  if (marks(given, current)) return current;
  return Sha256.safeParse(given).data ?? OTHER_PREVIEW;
}

/** Any hash that is not the current one: a typed one that does not fit is "another preview", not "no preview". */
const OTHER_PREVIEW = Sha256.parse('0'.repeat(64));

const unknown = (id: RequestId): DrError =>
  new DrError('REQUEST_UNKNOWN', 'user', `There is no ${id}. Nothing was changed.`, {
    hint: '/dr approvals lists what waits.',
  });

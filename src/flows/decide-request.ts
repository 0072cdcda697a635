import {
  type ApprovalRequest,
  decide,
  deny as decideDenial,
  explainRefusal,
  type Refusal,
  signApproval,
  unapprove as takeBack,
} from '#approvals';
import type { Via } from '#chatops';
import { DrError, mention, outside, type PersonId, type RequestId, say, shortHash } from '#core';
import type { Card } from '#ports';
import { plainText } from '#record';
import { type Consent, requestUnknown, wholeHash } from './consent.ts';
import { plain } from './errors-to-card.ts';
import type { Flow } from './flow.ts';
import { hasByApproving } from './incidents/has-by-approving.ts';
import { rulesOfJob } from './job-of.ts';
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
  readonly via: Via;
}

/**
 * Counts one approval, signed, by compare-and-set: of ten clicks at once one counts, and the tenth reads that it was
 * counted already. When it is the last one missing, the run is started. Throws APPROVAL_REFUSED with the exact reason.
 */
export async function approve<World>(consent: Consent, by: Decider, flow: Flow<World>): Promise<Card> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const seen = await flow.requests.get(consent.request);
    if (!seen?.value.preview) throw requestUnknown(consent.request);
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
    await hasByApproving(next, approval.role, flow);
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
  if (!seen) throw requestUnknown(id);
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
  if (!seen) throw requestUnknown(id);
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

async function openFor<World>(request: RequestRecord, flow: Flow<World>): Promise<ApprovalRequest> {
  const command = flow.commands.find(({ name }) => name === request.command);
  const rules = command && request.preview && rulesOfJob(command, request.preview.preview.job);
  const policy = rules ? policyOf(rules, flow) : 'none';
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

import { needsOf, verifyApprovals } from '#approvals';
import { type Preview, previewHash } from '#chatops';
import { canonicalJson, DrError, type RequestId } from '#core';
import type { RunRecord } from '#workflow';
import { askedInRequest } from './asked.ts';
import { type DriftRow, driftBetween } from './drift.ts';
import type { Flow } from './flow.ts';
import { approvedHoldAt, previewOf } from './hold-at.ts';
import { rulesFor, rulesOfJob } from './job-of.ts';
import { policyOf } from './policy-of.ts';
import type { RequestRecord } from './request-record.ts';
import { recheckStart } from './starts/recheck-start.ts';

/**
 * What a worker asks right before a run's first step, believing nothing that was decided elsewhere: the request is
 * there and approved, the plan is the one it was previewed under, every approval is signed by somebody who may give
 * it (or, where the plan lets it start by itself, that nobody held it), and what would be done now is what people approved. Throws APPROVAL_INVALID, PLAN_CHANGED or PREVIEW_VOID (with
 * the differences in `data.rows`); then nothing was changed.
 */
export async function recheck<World>(run: RunRecord, flow: Flow<World>): Promise<void> {
  const request = (await flow.requests.get(run.id))?.value;
  if (!request?.preview) throw invalid(run.id, 'nobody asked for it');
  if (request.state !== 'approved') throw invalid(run.id, `its request is ${request.state}`);
  const { preview, hash, planHash } = request.preview;
  const command = flow.commands.find(({ name }) => name === request.command);
  if (command?.does.kind !== 'runs') throw invalid(run.id, 'its command does not run anything');
  if (previewHash(preview) !== hash) throw invalid(run.id, 'its preview was changed after it was made');
  // by the job that is run, which is what people signed, and not by what was typed, which they did not
  const rules = rulesOfJob(command, preview.job);
  if (!rules || rulesFor(command, request.args, flow).job !== rules.job || !isRunOf(run, preview, flow)) {
    throw invalid(run.id, 'its run is not what was asked for');
  }
  if (planHash !== flow.planHash) {
    throw new DrError('PLAN_CHANGED', 'user', 'plan.yaml changed since this was previewed.', {
      hint: 'Ask again: the new preview is made under the new plan.',
    });
  }
  const policy = policyOf(rules, flow);
  if (policy !== 'none') {
    if (request.starts?.unheld) await recheckStart(request, policy, flow);
    else
      verifyApprovals({
        request: request.id,
        previewHash: hash,
        approvals: request.approvals,
        policy,
        roster: flow.roster,
        requester: request.asker.person,
        publicKey: flow.approvalKeys.publicKey,
        now: await flow.store.now(),
        expiresAt: request.expiresAt,
      });
    const rows = await driftOf(request, needsOf(policy, flow.roster, request.asker.person), flow);
    if (rows.length > 0) throw voided(rows);
  }
}

/** Whether the journal's run is the approved job with the approved input: a request for a backup starts no failover. */
function isRunOf<World>(run: RunRecord, preview: Preview, flow: Flow<World>): boolean {
  const job = flow.jobs.find(({ name }) => name === preview.job);
  if (job?.workflow.name !== run.workflow) return false;
  const holdAt = approvedHoldAt(preview);
  if (holdAt !== undefined && !run.holdAt?.some(({ step }) => step === holdAt)) return false;
  return canonicalJson(run.input) === canonicalJson(job.workflow.input.parse(preview.payload));
}

async function driftOf<World>(
  request: RequestRecord,
  approvers: RequestRecord['needs'],
  flow: Flow<World>,
): Promise<DriftRow[]> {
  const command = flow.commands.find(({ name }) => name === request.command);
  if (command?.does.kind !== 'runs' || !request.preview) return [];
  const approved = request.preview.preview;
  const asked = askedInRequest(request, flow);
  const now = await patiently(() => previewOf(command, request, asked, flow), flow);
  return driftBetween(approved, { ...now, facts: { ...now.facts, approvers } });
}

const LOOKS = 3;
const BETWEEN_LOOKS_MS = 2_000;

/**
 * A worker that was just started, or looks in the middle of an election, sees members as silent that are well. What
 * people approved is not given up for one such look; the third is believed.
 */
async function patiently<World>(look: () => Promise<Preview>, flow: Pick<Flow<World>, 'clock'>): Promise<Preview> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await look();
    } catch (error) {
      if (attempt === LOOKS) throw error;
      await flow.clock.sleep(BETWEEN_LOOKS_MS);
    }
  }
}

function voided(rows: readonly DriftRow[]): DrError {
  const changes = rows.map(
    ({ what, before, after, over }) => `${what}: ${before} -> ${after}${over ? ' OVER LIMIT' : ''}`,
  );
  return new DrError('PREVIEW_VOID', 'user', `Things changed since this was approved. ${changes.join('; ')}.`, {
    hint: 'Look at the new preview and approve it, or deny it.',
    data: { rows },
  });
}

const invalid = (id: RequestId, why: string): DrError =>
  new DrError('APPROVAL_INVALID', 'permanent', `${id} must not run: ${why}.`, {
    hint: 'The Security Lead should look at who wrote it into the control store.',
  });

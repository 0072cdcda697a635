import type { RequestId } from '#core';
import { type RunRecord, stepHistory } from '#workflow';
import type { RequestView, SlotView } from './cards/request-view.ts';
import type { Flow } from './flow.ts';
import { approvedHoldAt } from './hold-at.ts';
import { waitingCosts } from './incidents/waiting-costs.ts';
import { phaseLines } from './moves/phase-lines.ts';
import { settlingLines } from './moves/settling-lines.ts';
import type { RequestRecord } from './request-record.ts';

/** Gathers what a request's card shows; undefined when there is no such request. */
export async function viewOf<World>(id: RequestId, flow: Flow<World>): Promise<RequestView | undefined> {
  const request = (await flow.requests.get(id))?.value;
  if (!request) return undefined;
  const run = (await flow.journal.get(id))?.value;
  const job = flow.jobs.find(({ name }) => name === request.preview?.preview.job);
  const history = job
    ? await stepHistory(flow.journal, job.workflow.name)
    : { runs: 0, steps: new Map(), totalUsualMs: 0 };
  const forward = job?.workflow.steps.findIndex(({ name }) => name === job.workflow.forwardFrom) ?? -1;
  const now = await flow.store.now();
  const names = job?.workflow.steps.map(({ name }) => name) ?? [];
  const input = run?.input ?? request.preview?.preview.payload;
  return {
    request,
    slots: slotsOf(request),
    run,
    steps: job?.workflow.steps.map((step) => step.says(input)) ?? [],
    forwardFrom: forward === -1 ? undefined : forward + 1,
    holdsBefore: holdsBefore(request, run, names),
    stay: run && begun(run) ? job?.workflow.holdPoints?.[nextStep(run)] : undefined,
    history,
    receipt: run && job ? job.receipt(run) : undefined,
    phases: run ? await phaseLines(request, run, flow) : [],
    settling: run ? settlingLines(run, flow.plan, now) : [],
    nowLine: run && job ? job.nowLine(run) : undefined,
    waitingCosts: await waitingCosts(request, flow),
    now,
  };
}

/** What the run still has before it; before there is one, what was asked for. */
function holdsBefore(
  { preview }: RequestRecord,
  run: RunRecord | undefined,
  names: readonly string[],
): readonly number[] {
  const asked = preview && approvedHoldAt(preview.preview);
  const steps = run ? (run.holdAt ?? []).map(({ step }) => step) : asked === undefined ? [] : [asked];
  return names.flatMap((name, index) => (steps.includes(name) ? [index + 1] : []));
}

const begun = ({ steps }: RunRecord): boolean => steps.some(({ state }) => state === 'done');
const nextStep = ({ steps }: RunRecord): string => steps.find(({ state }) => state !== 'done')?.name ?? '';

function slotsOf(request: RequestRecord): SlotView[] {
  return request.needs.map(({ label, eligible }, index) => {
    const given = request.approvals.find(({ slot }) => slot === index);
    return { label, eligible, given: given ? { person: given.person, at: given.at } : undefined };
  });
}

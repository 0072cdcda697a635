import type { RequestId } from '#core';
import { stepHistory } from '#workflow';
import type { RequestView, SlotView } from './cards/request-view.ts';
import type { Flow } from './flow.ts';
import { waitingCosts } from './incidents/waiting-costs.ts';
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
  const input = run?.input ?? request.preview?.preview.payload;
  return {
    request,
    slots: slotsOf(request),
    run,
    steps: job?.workflow.steps.map((step) => step.says(input)) ?? [],
    forwardFrom: forward === -1 ? undefined : forward + 1,
    history,
    receipt: run && job ? job.receipt(run) : undefined,
    nowLine: run && job ? job.nowLine(run) : undefined,
    waitingCosts: await waitingCosts(request, flow),
    now: await flow.store.now(),
  };
}

function slotsOf(request: RequestRecord): SlotView[] {
  return request.needs.map(({ label, eligible }, index) => {
    const given = request.approvals.find(({ slot }) => slot === index);
    return { label, eligible, given: given ? { person: given.person, at: given.at } : undefined };
  });
}

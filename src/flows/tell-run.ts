import type { RunEvent } from '#workflow';
import { askFollowUp } from './ask-by-itself.ts';
import type { Flow } from './flow.ts';
import { recordRunEvent } from './record-run.ts';
import { tellSecurity } from './tell-security.ts';
import { voidRequest } from './void-request.ts';

/**
 * What follows from an event of a run: its entry in the record; at its end a new preview where things had changed, word
 * to the Security Lead where nobody had consented, and what the job asks for next. Idempotent: a worker that takes over
 * tells everything again.
 */
export async function tellRun<World>(event: RunEvent, flow: Flow<World>): Promise<void> {
  const { id, failure } = event.run;
  await recordRunEvent(flow.timeline, event, (await flow.requests.get(id))?.value);
  if (event.kind !== 'ended') return;
  if (failure?.code === 'PREVIEW_VOID') await voidRequest(id, flow);
  if (failure?.code === 'APPROVAL_INVALID') {
    const about = [`${failure.message} Nothing was changed. ${failure.hint ?? ''}`.trim()];
    await tellSecurity(flow, event.key, `A run without consent was refused (${id}).`, about);
  }
  await askFollowUp(event.run, flow);
}

import type { Incident } from '#incidents';
import { isOver, type Journal } from '#workflow';
import type { Requests } from '../request-record.ts';

/** Whether a run that this incident knows of has begun and is not over: held or failed ones count, they wait for a person. */
export async function isUnderWay(
  { proposals }: Pick<Incident, 'proposals'>,
  { requests, journal }: { readonly requests: Requests; readonly journal: Journal },
): Promise<boolean> {
  for (const id of proposals) {
    const run = (await journal.get(id))?.value;
    if (run ? !isOver(run) : (await requests.get(id))?.value.state === 'approved') return true;
  }
  return false;
}

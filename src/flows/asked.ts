import type { Asked } from '#chatops';
import type { Asking, Flow } from './flow.ts';
import type { RequestRecord } from './request-record.ts';

/** What a command's preview may know of whoever asks. */
export const askedBy = <World>(
  { speaker, request, intake, incident }: Asking,
  { clock }: Pick<Flow<World>, 'clock'>,
): Asked => ({
  person: speaker.person,
  name: speaker.name,
  via: speaker.via,
  at: clock.now(),
  timeZone: speaker.timeZone,
  intake,
  incident,
  request,
});

/** The same of a request that was asked before, for its preview to be made anew. */
export const askedInRequest = <World>(
  { asker, via, id, preview, intake, incident }: RequestRecord,
  { clock, plan }: Flow<World>,
): Asked => ({
  person: asker.person,
  name: asker.name,
  via,
  at: clock.now(),
  timeZone: plan.timeZone,
  intake,
  incident,
  request: id,
  approved: preview?.preview.facts,
});

import { at, bold, mention, outside, say, type Text } from '#core';
import { callForStart, endStartCall } from '#incidents';
import type { Flow } from '../flow.ts';
import type { RequestRecord } from '../request-record.ts';
import { asJson, tell } from '../tell.ts';
import { comingStart } from './coming-start.ts';

const eligibleOf = ({ needs }: RequestRecord) => [...new Set(needs.flatMap(({ eligible }) => eligible))];

/** What became of a start by itself, as entries of the timeline; and everybody who could hold it is called. Idempotent. */
export async function tellStarts<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  const { starts, preview, incident, id, voids } = request;
  if (!starts || !preview || !incident) return;
  const { announced, off, unheld } = starts;
  const people = eligibleOf(request);
  if (announced) {
    const text = say`${bold('STARTS BY ITSELF')} at ${at(announced.startsAt)}, unless somebody holds it: /dr hold ${id}. ${people.length} people are paged.`;
    const data = asJson({ ...announced });
    await tell(flow, request, 'note', text, { actor: 'holdfast', part: 'starts', notify: people, data });
  }
  if (comingStart(request) && announced) {
    const { startsAt } = announced;
    const intake = `${id}/starts/${voids}`;
    await callForStart(flow.incidents, {
      ...{ incident, request: id, what: preview.preview.title, at: startsAt, people, intake },
    });
  }
  if (off) {
    const why: Text = off.why ? [': ', off.by ? outside(off.why) : off.why] : [];
    const text = off.by
      ? say`${bold('HELD')} by ${mention(off.by)}${why}. It does not start by itself; it waits for approvals.`
      : say`It does not start by itself${why}. It waits for approvals.`;
    await tell(flow, request, off.by ? 'held' : 'note', text, {
      actor: off.by ?? 'holdfast',
      part: 'starts/off',
      notify: people,
    });
  }
  if (unheld) {
    const told = unheld.told.map(({ person }) => flow.roster.name(person)).join(', ');
    const text = say`${bold('Nobody held it')} by ${at(unheld.startsAt)}. Told: ${told}. It starts.`;
    await tell(flow, request, 'note', text, { actor: 'holdfast', part: 'starts/unheld', data: asJson({ ...unheld }) });
  }
  await endCall(request, flow);
}

/** Once it is held, over or under way nobody needs to hear of it any more. Idempotent. */
export async function endCall<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  const { starts, incident, id } = request;
  if (!starts?.announced || !incident || comingStart(request)) return;
  await endStartCall(flow.incidents, { incident, request: id });
}

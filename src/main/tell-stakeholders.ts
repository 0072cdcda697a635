import type { Clock, RequestId, Text } from '#core';
import type { Roster } from '#oncall';
import { inThread, plainText, type Timeline } from '#record';

/** Tells people outside the incident, in the thread of the run and in its record. Idempotent: a run tells them once. */
export async function tellStakeholders(
  run: RequestId,
  text: Text,
  { timeline, roster, clock }: { readonly timeline: Timeline; readonly roster: Roster; readonly clock: Clock },
): Promise<void> {
  await timeline.append({
    ...inThread(run),
    id: `${run}/stakeholders`,
    kind: 'note',
    actor: 'holdfast',
    text,
    notify: [],
    inThread: true,
    data: { words: plainText(text, (person) => roster.name(person), clock.now()) },
  });
}

import { at, bold, say } from '#core';
import { queueDirectMessage } from '#record';
import { plain } from './errors-to-card.ts';
import type { Flow } from './flow.ts';
import type { RequestRecord } from './request-record.ts';

/**
 * A direct message to everybody who could approve: a card in a channel is easily missed at night. Sent once for each
 * round of a request, and not any more when it has expired.
 */
export async function callApprovers<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  const { preview, expiresAt, starts } = request;
  if (!preview || !expiresAt) return;
  // they are paged with the moment at which it starts
  if (starts && !starts.off) return;
  const { title } = preview.preview;
  const people = new Set(request.needs.flatMap(({ eligible }) => eligible));
  for (const person of people) {
    const card = plain(`Approve? ${title} (${request.id}).`, [
      say`${bold(`APPROVAL NEEDED - ${title}`)}   ${request.id}`,
      say`You may approve or deny it in ${flow.plan.contacts.channel}, until ${at(expiresAt)}.`,
    ]);
    await queueDirectMessage(flow.store, {
      id: `${request.id}/approval/${request.voids}/${person}`,
      person,
      card,
      until: expiresAt,
    });
  }
}

import type { Text } from '#core';
import { queueDirectMessage } from '#record';
import { plain } from './errors-to-card.ts';
import type { Flow } from './flow.ts';

const A_DAY_MS = 24 * 60 * 60_000;

/** Tells the Security Lead directly what looks like somebody's hand where none should be. Idempotent by `id`. */
export async function tellSecurity<World>(flow: Flow<World>, id: string, push: string, text: Text): Promise<void> {
  const [lead] = flow.roster.holders(flow.plan.contacts.securityRole);
  if (!lead) return;
  await queueDirectMessage(flow.store, {
    id: id.slice(0, 300),
    person: lead,
    card: plain(push, [text]),
    until: new Date((await flow.store.now()).getTime() + A_DAY_MS),
  });
}

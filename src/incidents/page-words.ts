import type { IncidentId } from '#core';
import type { Delivery } from './delivery.ts';
import { nextCalls } from './ladder.ts';
import { inTerminal } from './page-link.ts';
import {
  directCard,
  emailText,
  type PageFacts,
  pagerCall,
  smsText,
  summaryLine,
  voiceText,
  webhookText,
} from './page-text.ts';
import { startWords } from './start-words.ts';
import type { PageWords } from './words-by-way.ts';
import type { IncidentLink, IncidentsWorld } from './world.ts';

/** Made when it is sent, so that it says what is so then. `more`: incidents that the same call tells of. */
export async function wordsOf(
  world: IncidentsWorld,
  { page, incident }: Delivery,
  now: Date,
  more: readonly IncidentId[] = [],
): Promise<PageWords> {
  const { roster } = world;
  if (!incident) return testWords(roster.name(page.person));
  if (page.starts) {
    return startWords({ incident, starts: page.starts, now, link: await linkOf(world, incident.id) });
  }
  const next = (await nextCalls(world, incident)).find(({ role }) => role === page.role);
  const link = await linkOf(world, incident.id);
  const others = [...new Set(more)].filter((id) => id !== incident.id);
  return wordsFrom({ incident, page, roster, now, next, link, more: others });
}

/** A page must go out although the link to the thread can't be made. */
const linkOf = async ({ linkTo }: IncidentsWorld, incident: IncidentId): Promise<IncidentLink> => {
  const without = { without: inTerminal(incident) };
  return (await linkTo?.(incident).catch(() => without)) ?? without;
};

export const wordsFrom = (facts: PageFacts): PageWords => ({
  call: pagerCall(facts),
  sms: smsText(facts),
  voice: voiceText(facts),
  subject: summaryLine(facts),
  email: emailText(facts),
  webhook: webhookText(facts),
  card: directCard(facts),
});

function testWords(name: string): PageWords {
  const text = `TEST page from Holdfast for ${name}. Nothing is wrong.`;
  return {
    call: { summary: text, severity: 'info', source: 'Holdfast', details: [['What', text]], links: [] },
    sms: text,
    voice: `Holdfast. This is a test page. Nothing is wrong.`,
    subject: text,
    email: text,
    webhook: text,
    card: { push: text, parts: [{ kind: 'text', text: [text] }] },
  };
}

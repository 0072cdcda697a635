import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsmText, PersonId, septets, Text } from '#core';
import { createRoster } from '#oncall';
import { loadPlan } from '#plan';
import {
  detailRows,
  directCard,
  emailText,
  type PageFacts,
  pagerCall,
  smsText,
  summaryLine,
  voiceText,
  webhookText,
} from '../../src/incidents/page-text.ts';
import { spokenNumber } from '../../src/incidents/spoken.ts';
import { DATABASE, incidentId, JANE, JOHN, MINUTE, noPrimary, START } from './world.ts';

const { plan } = await loadPlan('plan.yaml');
const roster = createRoster(plan);
const now = new Date(START.getTime() + MINUTE);

function facts(
  change: { title?: string; effect?: string; link?: string; more?: number; people?: number } = {},
): PageFacts {
  const { title = noPrimary().title, effect = 'Drivers cannot save logs.', more = 0, people = 1 } = change;
  const cause = noPrimary({ title, effect: Text.parse([effect]) });
  return {
    incident: {
      id: incidentId('INC-17'),
      severity: 'sev-1',
      title,
      causes: [{ ...cause, addedAt: START }],
      since: START,
      respondBy: new Date(START.getTime() + 30 * MINUTE),
      respondedAt: undefined,
      proposals: [],
    },
    page: { person: JOHN, role: DATABASE, why: 'ladder' },
    roster,
    now,
    next: {
      role: DATABASE,
      people: people === 1 ? [JANE] : roster.people().map(({ id }) => id),
      at: new Date(START.getTime() + 16 * MINUTE),
    },
    link: { url: change.link ?? 'https://hf.example/i/17' },
    more: Array.from({ length: more }, (_, index) => incidentId(`INC-${index + 18}`)),
  };
}

const anything = fc.record({
  title: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  effect: fc.string({ unit: 'grapheme', maxLength: 300 }),
  link: fc.webUrl({ size: 'medium' }),
  more: fc.integer({ min: 0, max: 500 }),
  people: fc.constantFrom(1, 9),
});

describe('the texts of a page', () => {
  it('say what is so, as they are meant', () => {
    expect(summaryLine(facts())).toBe(
      'SEV-1 us-east-1 database has no primary since 08:02 UTC, drivers cannot save logs (INC-17)',
    );
    expect(smsText(facts())).toBe(
      'SEV-1 INC-17: us-east-1 database has no primary since 08:02 UTC. Drivers cannot save logs. ACK by 08:18 UTC or Jane Doe is paged. https://hf.example/i/17',
    );
    expect(voiceText(facts())).toBe(
      'Holdfast. Severity one. Incident seventeen. U S east one database has no primary. Drivers cannot save logs.',
    );
    expect(Object.fromEntries(detailRows(facts()))).toMatchObject({
      What: 'us-east-1 database has no primary. 2 of 2 members do not answer.',
      You: 'Database Admin',
      Clock: 'escalates 08:18 UTC to Jane Doe; response due 08:32 UTC',
      Link: 'https://hf.example/i/17',
    });
  });

  it('carry the one link on every way that shows one, and say what to do where there is none', () => {
    const url = 'https://eld.slack.com/archives/C0INCIDENT/p1795420990000100';
    const known = facts({ link: url });
    expect(pagerCall(known).links).toEqual([{ href: url, text: 'INC-17' }]);
    for (const text of [emailText(known), webhookText(known), smsText(known)]) expect(text).toContain(url);
    expect(JSON.stringify(directCard(known).parts)).toContain(url);

    const without = 'none, Slack has not been reached since 08:01 UTC. In a terminal: dr incident show INC-17';
    const lost: PageFacts = { ...facts(), link: { without } };
    expect(pagerCall(lost).links).toEqual([]);
    expect(Object.fromEntries(detailRows(lost))).toMatchObject({
      Do: '1. Acknowledge   2. dr incident show INC-17',
      Link: without,
    });
    for (const text of [emailText(lost), webhookText(lost)]) expect(text).toContain(without);
    expect(smsText(lost)).toMatch(/ dr incident show INC-17$/);
  });

  it('carry severity and moment within the first sixty letters, whatever the title', () => {
    fc.assert(
      fc.property(anything, (change) => {
        const line = summaryLine(facts(change));
        expect(line.length).toBeLessThanOrEqual(1_024);
        expect(line.slice(0, 60)).toMatch(/^SEV-1 .*since 08:02 UTC/u);
        expect(line).not.toMatch(/[\p{Cc}\n]/u);
        expect(line.isWellFormed() || !(change.title + change.effect).isWellFormed()).toBe(true);
      }),
    );
  });

  it('fit an SMS in the letters that an SMS has, and keep the incident', () => {
    fc.assert(
      fc.property(anything, (change) => {
        const text = smsText(facts(change));
        expect(septets(text)).toBeLessThanOrEqual(160);
        expect(gsmText(text)).toBe(text);
        expect(text.startsWith('SEV-1 INC-17')).toBe(true);
        expect(text).toContain('since 08:02 UTC.');
      }),
    );
  });

  it('are said without signs that nobody can say', () => {
    fc.assert(
      fc.property(anything, (change) => {
        expect(voiceText(facts(change))).toMatch(/^[\p{L}\p{N} .,']+$/u);
      }),
    );
  });

  it('fit a telephone', () => {
    fc.assert(
      fc.property(anything, (change) => {
        const card = directCard(facts(change));
        expect(JSON.stringify(card.parts).length).toBeLessThan(2_000);
      }),
    );
  });
});

describe('letters', () => {
  it('of numbers are said one by one where that is clearer', () => {
    expect([0, 17, 40, 42, 117].map(spokenNumber)).toEqual([
      'zero',
      'seventeen',
      'forty',
      'forty two',
      'one one seven',
    ]);
    expect(PersonId.parse('john-smith')).toBe(JOHN);
  });
});

import { at, bold, capital, formatUtc, gsmText, gsmWhole, lower, type PersonId, say, septets, type Text } from '#core';
import type { Roster } from '#oncall';
import type { SeverityName } from '#plan';
import type { Card, PagerCall, PagerSeverity } from '#ports';
import { plainText } from '#record';
import type { Called } from './asked.ts';
import { type Incident, openCauses } from './incident.ts';
import { oneLine } from './one-line.ts';
import type { Page } from './page.ts';
import { inTerminal, linkWords, urlOf } from './page-link.ts';
import { spoken, spokenNumber } from './spoken.ts';
import type { IncidentLink } from './world.ts';

/** What a page says, before any way has its form of it. Times in UTC only: they are read without our clock beside them. */
export interface PageFacts {
  readonly incident: Pick<
    Incident,
    'id' | 'severity' | 'title' | 'causes' | 'since' | 'respondBy' | 'respondedAt' | 'proposals'
  >;
  readonly page: Pick<Page, 'person' | 'role' | 'why'>;
  readonly roster: Pick<Roster, 'name' | 'title'>;
  readonly now: Date;
  /** Who is called next if nobody answers. */
  readonly next?: Called | undefined;
  readonly link?: IncidentLink | undefined;
  /** Further incidents that the same call tells of. */
  readonly more?: readonly string[];
}

const SUMMARY_MOST = 1_024;
/** A lock screen shows so much. */
const HEAD = 60;
const SMS_MOST = 160;

const PAGER_SEVERITY: Record<SeverityName, PagerSeverity> = {
  'sev-1': 'critical',
  'sev-2': 'error',
  'sev-3': 'warning',
};

/** `SEV-1 us-east-1 database has no primary since 08:02 UTC, drivers cannot save logs (INC-17)`: the first 60 carry it. */
export function summaryLine(facts: PageFacts): string {
  const { incident, more = [] } = facts;
  const tail = ` since ${clock(incident.since, facts.now)}`;
  const head = `${incident.severity.toUpperCase()} `;
  const title = cut(oneLine(incident.title), HEAD - head.length - tail.length);
  const many = more.length > 0 ? ` and ${more.length} more: ${range(more)}` : '';
  const effect = effectOf(facts).replace(/[.]$/, '');
  return cut(`${head}${title}${tail}${effect ? `, ${lower(effect)}` : ''} (${incident.id}${many})`, SUMMARY_MOST);
}

/** At most 160 letters of the GSM alphabet: what, since when, what it means, until when, one link; the last go first. */
export function smsText(facts: PageFacts): string {
  const { incident, next, roster, link, more = [] } = facts;
  const many = more.length > 0 ? ` and ${more.length} more` : '';
  const head = gsmWhole(`${incident.severity.toUpperCase()} ${incident.id}${many}:`);
  const since = gsmWhole(`since ${clock(incident.since, facts.now)}.`);
  const title = gsmText(oneLine(incident.title), 70);
  const effect = gsmWhole(effectOf(facts));
  const ack = next ? gsmWhole(nextWords(next, facts.now, roster)) : '';
  const must = `${head} ${title} ${since}`;
  // the link first: without it nothing can be done from a telephone
  const parts = [link ? gsmWhole(urlOf(link) ?? inTerminal(incident.id)) : '', ack, effect];
  const chosen: string[] = [];
  let left = SMS_MOST - septets(must);
  for (const part of parts) {
    const takes = septets(part) + 1;
    if (part === '' || takes > left) continue;
    chosen.push(part);
    left -= takes;
  }
  return gsmText([must, ...chosen.reverse()].join(' '), SMS_MOST);
}

/** Read out twice. How to acknowledge by key is the gateway's to say, since the keys are its own. */
export function voiceText(facts: PageFacts): string {
  const { incident, more = [] } = facts;
  const number = spokenNumber(Number(incident.id.slice('INC-'.length)));
  const severity = spokenNumber(Number(incident.severity.slice('sev-'.length)));
  const many = more.length > 0 ? ` And ${spokenNumber(more.length)} more incidents.` : '';
  const effect = spoken(effectOf(facts));
  return `Holdfast. Severity ${severity}. Incident ${number}. ${stopped(capital(spoken(oneLine(incident.title))))}${effect ? ` ${stopped(effect)}` : ''}${many}`;
}

/** Label and value, in reading order: the body of a page. */
export function detailRows(facts: PageFacts): [string, string][] {
  const { incident, page, roster, now, next, link, more = [] } = facts;
  const lasting = openCauses(incident);
  const [first] = lasting.length > 0 ? lasting : incident.causes;
  const words = (text: Text): string => oneLine(plainText(text, roster.name, now));
  const rows: [string, string | undefined][] = [
    [
      'What',
      first && words(first.cause).length > 0
        ? `${oneLine(incident.title)}. ${words(first.cause)}`
        : oneLine(incident.title),
    ],
    ['Since', formatUtc(incident.since, now)],
    ['Effect', effectOf(facts) || undefined],
    [
      'Also',
      lasting.length > 1
        ? lasting
            .slice(1, 6)
            .map(({ title }) => oneLine(title))
            .join('; ')
        : undefined,
    ],
    ['More', more.length > 0 ? more.join(', ') : undefined],
    ['Next', incident.proposals.length > 0 ? `approve or deny ${incident.proposals.join(', ')}` : first?.next],
    ['You', page.role ? roster.title(page.role) : 'asked for by name'],
    ['Do', `1. Acknowledge   2. ${link && !urlOf(link) ? inTerminal(incident.id) : 'Open the thread'}`],
    ['Clock', clockRow(facts, next)],
    ['Link', linkWords(link)],
  ];
  return rows.flatMap(([label, value]) => (value ? [[label, cut(value, 900)] as [string, string]] : []));
}

/** The call to the pager, under whatever key it goes. */
export function pagerCall(facts: PageFacts): Omit<PagerCall, 'key'> {
  const { incident } = facts;
  const url = urlOf(facts.link);
  const region = incident.causes.find((cause) => cause.region)?.region;
  return {
    incident: incident.id,
    summary: summaryLine(facts),
    severity: PAGER_SEVERITY[incident.severity],
    source: region ?? 'Holdfast',
    details: detailRows(facts),
    links: url ? [{ href: url, text: incident.id }] : [],
  };
}

/** An e-mail: the same rows, one a line. */
export const emailText = (facts: PageFacts): string =>
  detailRows(facts)
    .map(([label, value]) => `${label.padEnd(8)} ${value}`)
    .join('\n');

/** For a webhook: what a lock screen shows, and where to go. */
export const webhookText = (facts: PageFacts): string =>
  [summaryLine(facts), linkWords(facts.link)].filter((line) => line !== undefined).join('\n');

/** A message to one person in the chat. */
export function directCard(facts: PageFacts): Card {
  const { incident, page, roster, next, more = [] } = facts;
  const url = urlOf(facts.link);
  const role = page.role ? roster.title(page.role) : undefined;
  const parts: Text[] = [
    say`${bold(`${incident.severity.toUpperCase()} - ${oneLine(incident.title)}`)}`,
    say`${incident.id}, since ${at(incident.since)}. ${effectOf(facts)}`,
    ...(more.length > 0 ? [say`And ${more.length} more: ${range(more)}`] : []),
    say`${role ? `You are called as ${role}` : 'You are called by name'}. Acknowledge: /dr ack ${incident.id}`,
    ...(next && next.people.length > 0
      ? [say`Without an answer by ${at(next.at)} ${nextNames(next, roster)} paged.`]
      : []),
    ...(url ? [[{ link: url, label: incident.id }] as Text] : []),
  ];
  return { push: summaryLine(facts), parts: [{ kind: 'text', text: joined(parts) }] };
}

const joined = (lines: readonly Text[]): Text => lines.flatMap((line, index) => (index === 0 ? line : ['\n', ...line]));

const effectOf = ({ incident, roster, now }: PageFacts): string => {
  const cause = openCauses(incident)[0] ?? incident.causes[0];
  return cause ? oneLine(plainText(cause.effect, roster.name, now)) : '';
};

function clockRow({ incident, now, roster }: PageFacts, next: Called | undefined): string {
  const escalates = next
    ? `escalates ${clock(next.at, now)}${next.people.length > 0 ? ` to ${names(next, roster)}` : ''}; `
    : '';
  const due = incident.respondedAt ? '' : `response due ${clock(incident.respondBy, now)}`;
  return `${escalates}${due}`.replace(/; $/, '');
}

const nextWords = (next: Called, now: Date, roster: PageFacts['roster']): string =>
  next.people.length === 0
    ? `ACK by ${clock(next.at, now)}.`
    : `ACK by ${clock(next.at, now)} or ${nextNames(next, roster)} paged.`;

const nextNames = (next: Called, roster: PageFacts['roster']): string =>
  `${names(next, roster)} ${next.people.length > 1 ? 'are' : 'is'}`;

const names = ({ people }: Called, roster: PageFacts['roster']): string =>
  people.length > 2 ? 'all on the roster' : people.map((person: PersonId) => roster.name(person)).join(' and ');

/** `08:02 UTC`, with the date before it on another day. */
function clock(time: Date, now: Date): string {
  const words = formatUtc(time, now);
  return words.replace(/(\d{2}:\d{2}):\d{2} UTC$/, '$1 UTC');
}

const range = (ids: readonly string[]): string => (ids.length > 3 ? `${ids[0]} to ${ids.at(-1)}` : ids.join(', '));

const cut = (words: string, most: number): string =>
  words.length > most
    ? `${words
        .slice(0, most - 3)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()}...`
    : words;

const stopped = (words: string): string => (/[.]$/.test(words) ? words : `${words}.`);

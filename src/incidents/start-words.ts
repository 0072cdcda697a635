import { at, bold, formatUtc, gsmText, gsmWhole, say, septets, type Text } from '#core';
import type { ComingStart, Incident } from './incident.ts';
import { oneLine } from './one-line.ts';
import { inTerminal, linkWords, urlOf } from './page-link.ts';
import { spoken, spokenNumber } from './spoken.ts';
import type { PageWords } from './words-by-way.ts';
import type { IncidentLink } from './world.ts';

const SMS_MOST = 160;

/**
 * What a page says of a run that starts by itself: what, when, and how one holds it. Everybody gets the same words: one of
 * them is enough to hold it, and nobody has to be the one.
 */
export function startWords(told: {
  readonly incident: Pick<Incident, 'id' | 'title' | 'severity'>;
  readonly starts: ComingStart;
  readonly now: Date;
  readonly link: IncidentLink;
}): PageWords {
  const { incident, starts, now, link } = told;
  const { request, what } = starts;
  const url = urlOf(link);
  const time = formatUtc(starts.at, now);
  const hold = `/dr hold ${request}`;
  const title = oneLine(incident.title);
  const head = `${request} STARTS ${shortly(time)} unless held: ${oneLine(what)}`;
  const rows: [string, string][] = [
    ['What', `${oneLine(what)} starts by itself at ${time}, unless somebody holds it before.`],
    ['Why', `${incident.id}, ${title}`],
    ['Do', `1. Let it start, or approve it at once   2. Hold it: ${hold}`],
    ['Link', linkWords(link) ?? inTerminal(incident.id)],
  ];
  const parts: Text[] = [
    [bold(`STARTS BY ITSELF - ${oneLine(what)}`), `   ${request}`],
    say`At ${at(starts.at)}, for ${incident.id}: ${title}`,
    [`Hold it: ${hold}, or [Hold it] on its card. Held, it waits for approval.`],
    ...(url ? [[{ link: url, label: incident.id }] satisfies Text] : []),
  ];
  return {
    call: {
      incident: incident.id,
      summary: `${head} (${incident.id})`.slice(0, 1_024),
      severity: 'critical',
      source: 'Holdfast',
      details: rows,
      links: url ? [{ href: url, text: incident.id }] : [],
    },
    sms: smsOf(request, what, time, [`Hold: ${hold}`, url ?? '', title]),
    voice: `Holdfast. Run ${spokenNumber(Number(request.slice('R-'.length)))} starts by itself at ${spoken(time)}. ${spoken(oneLine(what))}. Hold it in the chat or in the terminal.`,
    subject: `${head} (${incident.id})`,
    email: rows.map(([label, value]) => `${label.padEnd(8)} ${value}`).join('\n'),
    webhook: `${head} (${incident.id})\n${linkWords(link) ?? inTerminal(incident.id)}`,
    card: {
      push: head,
      parts: [{ kind: 'text', text: parts.flatMap((line, index) => (index === 0 ? line : ['\n', ...line])) }],
    },
  };
}

/** `08:02 UTC`. */
const shortly = (time: string): string => time.replace(/(\d{2}:\d{2}):\d{2} UTC$/, '$1 UTC');

/** The time and the way to hold it are always whole; what does not fit any more is left out. */
function smsOf(request: string, what: string, time: string, more: readonly string[]): string {
  let text = gsmWhole(`${request} STARTS ${shortly(time)} unless held: ${gsmText(oneLine(what), 60)}.`);
  for (const part of more.map((each) => gsmWhole(each))) {
    if (part !== '' && septets(text) + 1 + septets(part) <= SMS_MOST) text = `${text} ${part}`;
  }
  return text;
}

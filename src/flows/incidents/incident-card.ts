import { at, bold, formatDuration, mention, type PersonId, say, type Text } from '#core';
import { type Incident, type Leg, openCauses, severityWord } from '#incidents';
import type { Roster } from '#oncall';
import type { Plan } from '#plan';
import type { Card } from '#ports';
import { buttons, card, lines, small } from '../cards/parts.ts';
import {
  ackButton,
  catchUpButton,
  handOverButton,
  notButton,
  pageButton,
  resolveButton,
  severityButton,
  updateButton,
} from './incident-buttons.ts';
import { clockLines } from './incident-clocks.ts';
import { endedIncidentCard } from './incident-ended-card.ts';
import type { CardWorld, IncidentView } from './incident-view.ts';
import { headOf, titleOf } from './incident-words.ts';
import { proposalLines } from './proposal-lines.ts';

/** More would push the buttons off a phone. */
const MOST_OTHERS = 3;

/** The one card of an incident, whatever became of it: its root message is this, edited in place. */
export function incidentCard(view: IncidentView, world: CardWorld): Card {
  return view.incident.state === 'open' ? openCard(view, world) : endedIncidentCard(view, world);
}

/** What, since when, what people notice; who has it, who is called next and by when; the clocks; the way out. */
function openCard(view: IncidentView, world: CardWorld): Card {
  const { incident, now } = view;
  const { plan } = world;
  const { id, severity, since } = incident;
  const state = `${severity.toUpperCase()} OPEN`;
  const [effect = ''] = effectOf(incident);
  const named = proposalLines(view);
  return card(`${severity.toUpperCase()} ${id}: ${titleOf(incident)}. ${effect}`.trim(), [
    lines(
      [bold(headOf(incident, state))],
      [`${id}, since `, at(since), ` (${formatDuration(Math.max(0, now.getTime() - since.getTime()))})`],
      effectOf(incident),
      ...otherCauses(incident),
    ),
    lines(...incident.legs.flatMap((leg) => legLine(leg, world.roster)), ...nextPage(view), respondLine(incident)),
    lines(...clockLines(view, plan)),
    named.length > 0 ? [lines(...named)] : [],
    incident.recoveringSince
      ? [lines([bold('Well again'), ' since ', at(incident.recoveringSince), '. It resolves itself when it stays so.'])]
      : [lines(['Next: ', openCauses(incident)[0]?.next ?? `/dr incident show ${id}`])],
    buttons(
      [ackButton(incident), pageButton(incident), notButton(incident)],
      [severityButton, handOverButton, updateButton, catchUpButton, resolveButton].map((of) => of(incident)),
    ),
    small(...footer(view, plan)),
  ]);
}

const effectOf = (incident: Incident): Text => openCauses(incident)[0]?.effect ?? incident.causes[0]?.effect ?? [];

function otherCauses(incident: Incident): Text[] {
  const [, ...others] = openCauses(incident);
  if (others.length === 0) return [];
  const shown = others.slice(0, MOST_OTHERS).map(({ title }) => titleOf({ ...incident, title }));
  const more = others.length - shown.length;
  return [[`Also: ${shown.join('; ')}${more > 0 ? `; ${more} more` : ''}`]];
}

const names = (people: readonly PersonId[]): Text =>
  people.flatMap((person, index) => (index === 0 ? [mention(person)] : [', ', mention(person)]));

/** `Incident Commander  John Smith, paged 03:03:11, *no answer*`. */
function legLine({ role, hold, people, pagedAt, nextAt }: Leg, roster: Roster): Text[] {
  const title = roster.title(role);
  if (hold) {
    const asked: Text = hold.confirmBy ? [', asked again, must answer by ', at(hold.confirmBy)] : [];
    return [[`${title}   `, mention(hold.by), ', acknowledged ', at(hold.at), ...asked]];
  }
  if (!pagedAt) return [[`${title}   is paged `, at(nextAt)]];
  return [
    [
      `${title}   `,
      ...(people.length > 3 ? ['everyone'] : names(people)),
      ', paged ',
      at(pagedAt),
      ', ',
      bold('no answer'),
    ],
  ];
}

function nextPage({ calls, now }: IncidentView): Text[] {
  const [next] = calls;
  if (!next) return [];
  const inMs = next.at.getTime() - now.getTime();
  const soon = inMs > 0 ? `, in ${formatDuration(Math.ceil(inMs / 60_000) * 60_000)}` : '';
  const who: Text =
    next.people.length === 0 ? ['nobody is left to call'] : next.people.length > 3 ? ['everyone'] : names(next.people);
  return [['Next page   ', ...who, ' at ', at(next.at), soon]];
}

function respondLine({ respondBy, respondedAt, respondMissed, openedAt }: Incident): Text {
  if (respondedAt) {
    const took = formatDuration(respondedAt.getTime() - openedAt.getTime());
    return ['Responded   ', at(respondedAt), `, after ${took}`, ...(respondMissed ? [', ', bold('late')] : [])];
  }
  return respondMissed ? say`${bold('Nobody responded')} by ${at(respondBy)}` : ['Respond by   ', at(respondBy)];
}

function footer({ incident, now, everyMs }: IncidentView, plan: Plan): Text {
  const ways = plan.severities[incident.severity].reachBy;
  const hotline = ways.includes('hotline') ? [`Hotline ${plan.contacts.hotline}. `] : [];
  const key = incident.pagerKeys.at(-1);
  const pager = ways.includes('pagerduty') ? [`PagerDuty: ${key?.seen ?? key?.told ?? 'not reached yet'}. `] : [];
  return [
    ...hotline,
    ...pager,
    `${severityWord(incident.severity)}. Updated `,
    at(now),
    `, every ${formatDuration(everyMs).replace('.0 s', ' s')}`,
  ];
}

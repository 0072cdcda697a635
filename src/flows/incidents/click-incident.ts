import { DrError, IncidentId, unreachable } from '#core';
import { SeverityName } from '#plan';
import type { Card, Incoming } from '#ports';
import { askedBy } from '../asked.ts';
import { timelineCard } from '../cards/looking-cards.ts';
import type { Flow, Reply, Speaker } from '../flow.ts';
import { ackIncident, giveTo, offerToTake, passIncidentOn, stillOnIt } from './acts/acknowledging.ts';
import { keepSeverity, setSeverity } from './acts/changing-severity.ts';
import { type Acting, actorOf, chooseIncident } from './acts/choose-incident.ts';
import { remindLater } from './acts/updating.ts';
import { INCIDENT_BUTTONS, type IncidentButton } from './incident-buttons.ts';
import { INCIDENT_FORMS, type IncidentForm, incidentForm } from './incident-forms.ts';
import { catchUpCard, showIncident } from './looking.ts';

type Click = Extract<Incoming, { kind: 'click' }>;

export const isIncidentButton = (id: string): id is IncidentButton => INCIDENT_BUTTONS.some((each) => each === id);
const isForm = (id: IncidentButton): id is IncidentButton & IncidentForm => INCIDENT_FORMS.some((each) => each === id);

/**
 * A pressed button of an incident: who presses is who acts. Pressing twice is one act, by the click's key; what no longer
 * fits (the incident is over, somebody else has it) is refused with what is so now. Throws NOT_FOUND (user) for a value that
 * names no incident.
 */
export async function clickIncident<World>(
  click: Click & { readonly button: IncidentButton },
  speaker: Speaker,
  flow: Flow<World>,
  reply: Reply,
): Promise<void> {
  const { button, value } = click;
  const incident = IncidentId.safeParse(value.split(' ')[0]);
  if (!incident.success)
    throw new DrError('NOT_FOUND', 'user', 'That names no incident. Nothing was changed.', { hint: '/dr incident' });
  const asking = { line: '', speaker, intake: click.key, request: undefined, incident: incident.data };
  const by = askedBy(asking, flow);
  if (!isForm(button)) return reply.say(await act(button, value, incident.data, by, flow));
  // whoever may not do it is told before they have typed
  actorOf(by, flow, button === 'inc-page' ? 'page' : 'incident-change');
  if (!reply.ask) return;
  return reply.ask(await incidentForm(button, await chooseIncident(incident.data, by, flow), flow));
}

async function act<World>(
  button: Exclude<IncidentButton, IncidentForm>,
  value: string,
  id: IncidentId,
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  switch (button) {
    case 'inc-ack':
      return ackIncident(id, by, flow);
    case 'inc-still':
      return stillOnIt(id, by, flow);
    case 'inc-pass':
      return passIncidentOn(id, by, flow);
    case 'inc-ask':
      return offerToTake(id, by, flow);
    case 'inc-give':
      return giveTo(value, by, flow);
    case 'inc-raise':
      return setSeverity({ to: SeverityName.parse(value.split(' ')[1]), given: id, sure: true }, by, flow);
    case 'inc-keep':
      return keepSeverity(id, by, flow);
    case 'inc-later':
      return remindLater(id, by, flow);
    case 'inc-catch-up':
      return catchUpCard(id, by, flow);
    case 'inc-show':
      return showIncident(id, by, flow);
    case 'inc-record':
      return timelineCard(id, flow);
    default:
      return unreachable(button);
  }
}

import { IncidentId, unreachable } from '#core';
import { SeverityName } from '#plan';
import type { Card, Incoming } from '#ports';
import { askedBy } from '../asked.ts';
import type { Flow, Speaker } from '../flow.ts';
import { handOverRole, pageMore } from './acts/calling-people.ts';
import { setSeverity } from './acts/changing-severity.ts';
import { dismissIncident, reopenIncident, resolveIncident } from './acts/ending.ts';
import { sayUpdate } from './acts/updating.ts';
import { INCIDENT_FORMS, type IncidentForm, OWN } from './incident-forms.ts';

type Filled = Extract<Incoming, { kind: 'form' }>;

export const isIncidentForm = (id: string): id is IncidentForm => INCIDENT_FORMS.some((each) => each === id);

/** A form behind an incident's button, filled in. Sending it twice is one act, by its key. */
export async function fillIncidentForm<World>(
  { form, context, answers, key }: Filled & { readonly form: IncidentForm },
  speaker: Speaker,
  flow: Flow<World>,
): Promise<Card> {
  const given = IncidentId.safeParse(context).data;
  const by = askedBy({ line: '', speaker, intake: key, request: undefined, incident: given }, flow);
  const answer = (id: string): string => answers[id] ?? '';
  switch (form) {
    case 'inc-page':
      return pageMore({ who: answer('who'), given }, by, flow);
    case 'inc-not':
      return dismissIncident({ given, why: answer('why') }, by, flow);
    case 'inc-resolve':
      return resolveIncident({ given, why: answer('why') }, by, flow);
    case 'inc-reopen':
      return reopenIncident({ given, why: answer('why') }, by, flow);
    case 'inc-sev':
      return setSeverity({ to: SeverityName.parse(answer('severity')), given, sure: false }, by, flow);
    case 'inc-hand': {
      const role = answer('role');
      return handOverRole({ to: answer('who'), role: role === OWN || role === '' ? undefined : role, given }, by, flow);
    }
    case 'inc-update':
      return sayUpdate({ text: answer('text'), given }, by, flow);
    default:
      return unreachable(form);
  }
}

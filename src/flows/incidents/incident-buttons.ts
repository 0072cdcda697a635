import type { PersonId, Role } from '#core';
import { type Incident, severityWord } from '#incidents';
import type { SeverityName } from '#plan';
import type { Button } from '#ports';

type Named = Pick<Incident, 'id'>;

/**
 * Buttons of incidents. Their values name the incident and what is pressed for, never who: who presses is who acts, as
 * Slack proves it. Questions to one person have theirs in src/incidents/questions.ts. Unlike an approval nothing is consented to that another card might have shown, so a copy of one counts.
 */
export const INCIDENT_BUTTONS = [
  'inc-ack',
  'inc-page',
  'inc-not',
  'inc-sev',
  'inc-raise',
  'inc-keep',
  'inc-hand',
  'inc-update',
  'inc-later',
  'inc-catch-up',
  'inc-resolve',
  'inc-still',
  'inc-pass',
  'inc-ask',
  'inc-give',
  'inc-reopen',
  'inc-record',
  'inc-show',
] as const;
export type IncidentButton = (typeof INCIDENT_BUTTONS)[number];

const button =
  (id: IncidentButton, label: string, spoken: (id: string) => string, more: Partial<Button> = {}) =>
  (incident: Named): Button => ({ id, label, value: incident.id, spoken: spoken(incident.id), ...more });

export const ackButton = button('inc-ack', 'I have it', (id) => `Acknowledge incident ${id}`, { style: 'primary' });
export const pageButton = button('inc-page', 'Page more...', (id) => `Page more people for incident ${id}`);
export const notButton = button('inc-not', 'Not an incident...', (id) => `Say that ${id} is not an incident`);
export const severityButton = button('inc-sev', 'Change severity', (id) => `Change the severity of ${id}`);
export const handOverButton = button('inc-hand', 'Hand over', (id) => `Hand over a role of incident ${id}`);
export const handOverOwnButton = button('inc-hand', 'Hand over...', (id) => `Hand incident ${id} over to somebody`);
export const updateButton = button('inc-update', 'Post update', (id) => `Post an update on incident ${id}`);
export const catchUpButton = button('inc-catch-up', 'Catch me up', (id) => `Incident ${id} in five lines`);
export const resolveButton = button('inc-resolve', 'Resolve...', (id) => `Resolve incident ${id}`);
export const passButton = button('inc-pass', 'Cannot, pass it on', (id) => `I can not take ${id}, page the next one`);
export const askButton = button('inc-ask', 'Ask', (id) => `Ask the commander to give me incident ${id}`);
export const reopenButton = button('inc-reopen', 'Open again...', (id) => `Open incident ${id} again`);
export const recordOfButton = button('inc-record', 'Record', (id) => `Show the record of incident ${id}`);
export const showButton = (incident: Named): Button => ({
  ...button('inc-show', 'Open', (id) => `Show incident ${id}`)(incident),
  label: `Open ${incident.id}`,
});

export const raiseButton = ({ id }: Named, to: SeverityName): Button => ({
  id: 'inc-raise',
  label: 'Raise and page',
  value: `${id} ${to}`,
  spoken: `Raise incident ${id} to ${severityWord(to)} and page`,
  style: 'danger',
});

export const keepButton = ({ id, severity }: Pick<Incident, 'id' | 'severity'>): Button => ({
  id: 'inc-keep',
  label: `Keep ${severityWord(severity)}`,
  value: id,
  spoken: `Keep incident ${id} at ${severityWord(severity)}`,
});

export const giveButton = ({ id }: Named, role: Role, person: PersonId, name: string): Button => ({
  id: 'inc-give',
  label: `Give it to ${name}`,
  value: `${id} ${role} ${person}`,
  spoken: `Give a role of incident ${id} to ${name}`,
  style: 'primary',
});

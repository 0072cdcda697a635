import type { IncidentId, Text } from '#core';
import type { Button, Card } from '#ports';

/** What one person is asked directly, and answers with a press. */
export type Question = 'still-on-it' | 'update';

const button = (id: string, label: string, incident: IncidentId, spoken: string): Button => ({
  ...{ id, label, spoken },
  value: incident,
});

const BUTTONS: Readonly<Record<Question, (incident: IncidentId) => readonly Button[]>> = {
  'still-on-it': (id) => [
    { ...button('inc-still', 'Still on it', id, `I am still on incident ${id}`), style: 'primary' },
    button('inc-pass', 'Cannot, pass it on', id, `I can not take ${id}, page the next one`),
  ],
  update: (id) => [
    { ...button('inc-update', 'Write it...', id, `Write the update on incident ${id}`), style: 'primary' },
    button('inc-later', 'In 15 min', id, `Remind me of the update on ${id} in 15 min`),
  ],
};

const PUSH: Readonly<Record<Question, (incident: IncidentId) => string>> = {
  'still-on-it': (id) => `Still on ${id}?`,
  update: (id) => `${id}: an update to stakeholders is due.`,
};

/** A question to one person, with its answers as buttons: who presses is who answers. */
export const questionCard = (question: Question, incident: IncidentId, text: Text): Card => ({
  push: PUSH[question](incident),
  parts: [
    { kind: 'text', text },
    { kind: 'buttons', buttons: [...BUTTONS[question](incident)], more: [] },
  ],
});

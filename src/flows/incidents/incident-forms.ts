import { type Incident, severityWord } from '#incidents';
import { SEVERITY_NAMES } from '#plan';
import type { Form } from '#ports';
import type { Flow } from '../flow.ts';
import { draftOf } from './acts/updating.ts';
import { isUnderWay } from './is-under-way.ts';

/** Forms behind an incident's buttons; their context is the incident. */
export const INCIDENT_FORMS = [
  'inc-page',
  'inc-not',
  'inc-sev',
  'inc-hand',
  'inc-update',
  'inc-resolve',
  'inc-reopen',
] as const;
export type IncidentForm = (typeof INCIDENT_FORMS)[number];

/** Asks what somebody sees, for `/dr incident open` without it. */
export async function openIncidentForm(
  given: Readonly<Record<string, unknown>>,
  { plan }: Pick<Flow<never>, 'plan'>,
): Promise<Form> {
  const sev = typeof given['sev'] === 'string' ? given['sev'].slice(-1) : '2';
  const options = SEVERITY_NAMES.map((name) => ({
    value: name.slice(-1),
    label: `${severityWord(name)}: ${plan.severities[name].title}`,
  }));
  const hint = 'One line: what users notice, and where.';
  return {
    id: 'command:incident open',
    title: 'Open an incident',
    submit: 'Open it',
    context: '',
    fields: [
      { kind: 'line', id: 'what', label: 'What do you see?', hint },
      { kind: 'choice', id: 'sev', label: 'Severity', options, initial: sev },
    ],
  };
}

const form = (
  id: IncidentForm,
  { id: context }: Incident,
  title: string,
  submit: string,
  fields: Form['fields'],
): Form => ({
  ...{ id, title, submit, context, fields },
});

const why = (hint: string) => [{ kind: 'line' as const, id: 'why', label: 'Reason', hint }];
const RECORD = 'One line. It goes into the record.';

/** The form that asks for what a button needs besides the press. */
export async function incidentForm<World>(id: IncidentForm, incident: Incident, flow: Flow<World>): Promise<Form> {
  switch (id) {
    case 'inc-page':
      return form(id, incident, `Page for ${incident.id}`, 'Page', [person('Who is paged', flow, true)]);
    case 'inc-not':
      return form(id, incident, `${incident.id} is none`, 'End it', why(RECORD));
    case 'inc-resolve':
      return form(id, incident, `Resolve ${incident.id}`, 'Resolve', why(RECORD));
    case 'inc-reopen':
      return form(id, incident, `Open ${incident.id} again`, 'Open and page', why(RECORD));
    case 'inc-sev':
      return form(id, incident, `Severity of ${incident.id}`, 'Go on', [severity(incident, flow)]);
    case 'inc-hand':
      return form(id, incident, `Hand over ${incident.id}`, 'Hand over', [person('To whom', flow, false), role(flow)]);
    case 'inc-update': {
      const now = await flow.store.now();
      const initial = draftOf(incident, flow.plan, await isUnderWay(incident, flow), now);
      const hint = 'For people outside: what they notice, what is done, when they hear more.';
      return form(id, incident, `Update on ${incident.id}`, 'Post', [
        { kind: 'line', id: 'text', label: 'Update', hint, initial },
      ]);
    }
  }
}

const severity = <World>(incident: Incident, { plan }: Flow<World>) => ({
  kind: 'choice' as const,
  id: 'severity',
  label: 'Severity',
  options: SEVERITY_NAMES.map((value) => ({ value, label: `${severityWord(value)}: ${plan.severities[value].title}` })),
  initial: incident.severity,
});

/** Roles stand before people: who is called for one is the roster's to say. */
function person<World>(label: string, { roster }: Flow<World>, withRoles: boolean) {
  const roles = withRoles ? roster.roles().map((value) => ({ value: String(value), label: roster.title(value) })) : [];
  const people = roster.people().map(({ id, name }) => ({ value: String(id), label: name }));
  return { kind: 'choice' as const, id: 'who', label, options: [...roles, ...people] };
}

const role = <World>({ roster }: Flow<World>) => ({
  kind: 'choice' as const,
  id: 'role',
  label: 'Which role',
  options: [
    { value: OWN, label: 'The one I have' },
    ...roster.roles().map((value) => ({ value: String(value), label: roster.title(value) })),
  ],
  initial: OWN,
});

/** The choice that names no role. */
export const OWN = 'own';

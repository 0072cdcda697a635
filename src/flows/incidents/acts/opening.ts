import { at, bold, DrError, outside, type Region, say, type Text } from '#core';
import { nextCalls, openIncident, openIncidents, severityWord } from '#incidents';
import { regionsOf, type SeverityName } from '#plan';
import type { Card } from '#ports';
import { buttons, card, lines } from '../../cards/parts.ts';
import type { Flow } from '../../flow.ts';
import { showButton } from '../incident-buttons.ts';
import { incidentLine } from '../incident-words.ts';
import type { Acting } from './choose-incident.ts';

/** What somebody saw. */
export interface Seen {
  readonly what: string;
  readonly severity: SeverityName;
  readonly region: Region | undefined;
}

/** Anybody's word opens an incident, a guest's too: whoever sees the trouble first is rarely on the roster. */
export async function openBySaying<World>(
  { what, severity, region }: Seen,
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  if (region && !regionsOf(flow.plan).includes(region)) {
    throw new DrError('REGION_UNKNOWN', 'user', `The plan has no ${region}. Nothing was changed.`, {
      hint: `Regions: ${regionsOf(flow.plan).join(', ')}`,
    });
  }
  const others = await openIncidents(flow.store);
  const title = what
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
  if (title.length < 3)
    throw new DrError('ARGUMENTS_INVALID', 'user', 'Say in a few words what you see. Nothing was changed.');
  const now = await flow.store.now();
  const { incident, how } = await openIncident(flow.incidents, {
    kind: 'said',
    by: by.person ?? { outsider: by.name.slice(0, 200) },
    intake: by.intake,
    cause: {
      title,
      cause: ['Somebody saw it: ', outside(title)],
      effect: ['What users notice is not measured.'],
      next: '/dr health',
      since: now,
      severity,
      hostile: false,
      ...(region ? { region } : {}),
    },
  });
  const [first] = await nextCalls(flow.incidents, incident);
  const called: Text = first ? say`The first page goes out ${at(first.at)}.` : ['Pages go out now.'];
  const same = others.filter(({ id }) => id !== incident.id).slice(0, 3);
  return card(`${incident.id} is open.`, [
    lines(
      [
        bold(`${incident.id} is open`),
        `, ${severityWord(incident.severity)}${how === 'opened' ? '' : ` (${how})`}. `,
        ...called,
      ],
      [`Everything about it is in ${flow.plan.contacts.channel}, in its thread.`],
      ...(same.length > 0 ? [['Open already; is it the same?'], ...same.map(incidentLine)] : []),
      ...same.slice(0, 1).map(({ id }): Text => [`Then: /dr incident merge ${incident.id} ${id}`]),
    ),
    buttons([showButton(incident)]),
  ]);
}

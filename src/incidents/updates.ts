import { DrError, outside, say } from '#core';
import type { Outcome, Proposing, Snoozing, Updating } from './asked.ts';
import { changeIncident } from './change-incident.ts';
import { withFact } from './facts.ts';
import { openOnly } from './holding.ts';
import type { Incident } from './incident.ts';
import { afterMinutes, severityOf, type View } from './view.ts';
import type { IncidentsWorld } from './world.ts';

const LONGEST = 2_000;

/** The word to stakeholders; the next is due after the severity's time. Throws ARGUMENTS_INVALID, WRONG_STATE (user). */
export function postUpdate(world: IncidentsWorld, { incident: id, by, text, intake }: Updating): Promise<Outcome> {
  const words = text.trim();
  if (words === '' || words.length > LONGEST) {
    const message = `An update has 1 to ${LONGEST} characters. Nothing was changed.`;
    return Promise.reject(
      new DrError('ARGUMENTS_INVALID', 'user', message, { hint: '/dr incident update "What people should know."' }),
    );
  }
  const decide = (incident: Incident, view: View): Incident => {
    openOnly(incident);
    const next: Incident = {
      ...incident,
      updates: [...incident.updates, { text: words, by, at: view.now }],
      updateDueAt: afterMinutes(view.now, severityOf(view, incident.severity).updateEveryMinutes),
    };
    return withFact(next, { kind: 'incident', by, text: say`Update by ${view.roster.name(by)}: ${outside(words)}` });
  };
  return changeIncident(world, id, decide, { intake });
}

/** The reminder comes at `until` instead, which is not later than twice the severity's time. Throws TIME_INVALID (user). */
export function postponeUpdate(world: IncidentsWorld, { incident: id, until, intake }: Snoozing): Promise<Outcome> {
  const decide = (incident: Incident, view: View): Incident => {
    openOnly(incident);
    const longest = 2 * severityOf(view, incident.severity).updateEveryMinutes;
    if (until <= view.now || until > afterMinutes(view.now, longest)) {
      throw new DrError('TIME_INVALID', 'user', 'That is over already, or too far away. Nothing was changed.', {
        hint: `At most ${longest} minutes from now.`,
      });
    }
    return { ...incident, updateDueAt: until };
  };
  return changeIncident(world, id, decide, { intake });
}

/** The incident knows this request as a way out of it. Idempotent. Throws NOT_FOUND (user). */
export function addProposal(world: IncidentsWorld, { incident: id, request }: Proposing): Promise<Outcome> {
  return changeIncident(world, id, (incident) =>
    incident.proposals.includes(request) ? undefined : { ...incident, proposals: [...incident.proposals, request] },
  );
}

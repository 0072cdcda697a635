import { DrError, type PersonId } from '#core';
import type { Flow } from '../flow.ts';

/** Slack writes `<@U0JANEDOE|jane>` for a name that is picked from its list. */
const SLACK_MENTION = /^<@([A-Z0-9]+)(\|[^>]*)?>$/;

/** The person of the roster that somebody typed: id, name, or a mention. Throws NOT_FOUND (user) with the nearest name. */
export function personNamed<World>(typed: string, { roster, plan }: Pick<Flow<World>, 'roster' | 'plan'>): PersonId {
  const user = SLACK_MENTION.exec(typed.trim())?.[1];
  if (user === undefined) return roster.findPerson(typed).id;
  const person = roster.byAccount({ team: plan.contacts.slackTeam, user });
  if (person) return person;
  throw new DrError('NOT_FOUND', 'user', 'That account belongs to nobody on the roster. Nothing was changed.', {
    hint: '/dr oncall',
  });
}

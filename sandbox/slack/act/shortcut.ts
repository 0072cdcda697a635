import { apiMessage } from '../render.ts';
import type { Message } from '../shapes.ts';
import type { Team } from '../team.ts';
import { whoAndWhere } from './click.ts';
import { type Outcome, outcomeOf, slackIsAway, tell } from './outcome.ts';

/** Chooses a shortcut: on a message from its menu, or without one from the search (global). */
export async function shortcut(
  team: Team,
  person: string,
  callbackId: string,
  message: Message | undefined,
): Promise<Outcome> {
  if (team.isCut()) return slackIsAway;
  const delivered = await team.delivery.deliver({
    kind: 'interactive',
    payload: {
      type: message === undefined ? 'shortcut' : 'message_action',
      callback_id: callbackId,
      trigger_id: team.triggers.issue(person),
      action_ts: team.store.nextTs(),
      ...whoAndWhere(team, person),
      ...(message === undefined ? {} : messageFields(team, person, message)),
    },
  });
  const outcome = outcomeOf(delivered, (error) => `The shortcut did not reach ${team.settings.botName} (${error}).`);
  if (!outcome.ok && message !== undefined) tell(team, person, message.channel, outcome.said, message.thread_ts);
  return outcome;
}

function messageFields(team: Team, person: string, message: Message): Record<string, unknown> {
  return {
    channel: { id: message.channel, name: team.store.channels.get(message.channel)?.name ?? '' },
    message_ts: message.ts,
    message: apiMessage(message, team.store, true),
    response_url: team.responseUrls.issue(team.baseUrl(), {
      person,
      channel: message.channel,
      ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    }),
  };
}

import { SlackApiRefusal } from '../api-refusal.ts';
import { handle } from '../render.ts';
import { applyAnswer } from '../respond.ts';
import type { ResponseTarget } from '../response-urls.ts';
import { APP, TEAM } from '../settings.ts';
import { channelOf, personOf, type Team } from '../team.ts';
import { type Outcome, outcomeOf, slackIsAway, tell } from './outcome.ts';

/** Types a slash command, such as `/dr status`, into a channel or (in vain) into a thread. */
export async function slash(
  team: Team,
  personId: string,
  line: string,
  where: { readonly channel: string; readonly thread?: string | undefined },
): Promise<Outcome> {
  if (team.isCut()) return slackIsAway;
  const person = personOf(team, personId);
  const channel = channelOf(team, where.channel);
  const [command = '', ...words] = line.trim().split(' ');
  const known = team.settings.slashCommands.find((candidate) => candidate.command === command);
  if (known === undefined) {
    const said = `${command} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as slash commands.`;
    tell(team, personId, channel.id, said, where.thread);
    return { ok: false, error: 'unknown_command', said };
  }
  if (where.thread !== undefined) {
    const said = `${command} is not supported in threads. Sorry!`;
    tell(team, personId, channel.id, said, where.thread);
    return { ok: false, error: 'not_supported_in_threads', said };
  }
  const text = words.join(' ');
  const target: ResponseTarget = { person: personId, channel: channel.id };
  const delivered = await team.delivery.deliver({
    kind: 'slash_commands',
    payload: {
      token: 'sandbox',
      team_id: TEAM.id,
      team_domain: TEAM.domain,
      channel_id: channel.id,
      channel_name: channel.name,
      user_id: person.id,
      user_name: handle(person.name),
      command,
      text: known.shouldEscape ? escapeNames(team, text) : text,
      api_app_id: APP.id,
      is_enterprise_install: 'false',
      response_url: team.responseUrls.issue(team.baseUrl(), target),
      trigger_id: team.triggers.issue(personId),
    },
  });
  const outcome = outcomeOf(delivered, (error) => `${command} failed with the error "${error}"`);
  if (!outcome.ok) tell(team, personId, channel.id, outcome.said);
  else if (outcome.ack !== undefined && outcome.ack !== '') answerAck(team, target, outcome.ack, command);
  return outcome;
}

/** An acknowledgement with content is the first answer, and costs none of the five. */
function answerAck(team: Team, target: ResponseTarget, ack: unknown, command: string): void {
  try {
    applyAnswer(team, target, ack);
  } catch (error) {
    if (!(error instanceof SlackApiRefusal)) throw error;
    tell(team, target.person, target.channel, `${command} failed with the error "${error.error}"`);
  }
}

/** should_escape: `@Alex Chen` and `#general` become ids, `&`, `<` and `>` entities. Text that is no name stays. */
function escapeNames(team: Team, text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const people = [...team.store.people.values()].reduce(
    (line, person) =>
      line
        .replaceAll(`@${person.name}`, `<@${person.id}|${handle(person.name)}>`)
        .replaceAll(`@${handle(person.name)}`, `<@${person.id}|${handle(person.name)}>`),
    escaped,
  );
  return [...team.store.channels.values()]
    .filter(({ kind }) => kind === 'channel')
    .reduce((line, channel) => line.replaceAll(`#${channel.name}`, `<#${channel.id}|${channel.name}>`), people);
}

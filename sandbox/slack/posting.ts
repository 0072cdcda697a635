import type { Block } from './blocks/index.ts';
import { withIds } from './blocks/index.ts';
import { makeId } from './ids.ts';
import { apiMessage } from './render.ts';
import { APP } from './settings.ts';
import type { Channel, Message, Metadata } from './shapes.ts';
import type { Team } from './team.ts';

/** What a message says, whoever says it. */
export interface Content {
  readonly text: string;
  readonly blocks?: readonly Block[] | undefined;
  readonly metadata?: Metadata | undefined;
  readonly thread_ts?: string | undefined;
  readonly broadcast?: boolean;
}

/** Stores a message by the app and tells the app about it, as Slack does with everything in a channel. */
export function postAsApp(team: Team, channel: Channel, content: Content): Message {
  return post(team, channel, APP.botUser, content, { bot_id: APP.botId, app_id: APP.id });
}

/** Stores a person's message; a mention of the app is an `app_mention` besides. */
export function postAsPerson(team: Team, channel: Channel, person: string, content: Content): Message {
  const message = post(team, channel, person, content, {});
  if (channel.kind === 'channel' && channel.hasApp && message.text.includes(`<@${APP.botUser}>`)) {
    team.events.dispatch('app_mention', {
      ...apiMessage(message, team.store, false),
      type: 'app_mention',
      channel: channel.id,
      event_ts: message.ts,
    });
  }
  return message;
}

/** Replaces a message's content in place; the app hears `message_changed`, its own edits included. */
export function changeMessage(team: Team, before: Message, after: Message): void {
  team.store.putMessage(after);
  const ts = team.store.nextTs();
  hear(team, after.channel, {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    channel: after.channel,
    ts,
    event_ts: ts,
    message: { ...apiMessage(after, team.store, true), source_team: undefined },
    previous_message: apiMessage(before, team.store, true),
  });
}

export function deleteMessage(team: Team, message: Message): void {
  team.store.removeMessage(message.channel, message.ts);
  const ts = team.store.nextTs();
  hear(team, message.channel, {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    channel: message.channel,
    ts,
    event_ts: ts,
    deleted_ts: message.ts,
    previous_message: apiMessage(message, team.store, true),
  });
}

/** Ids are made afresh for every edit: Slack advises it, and an old click then names an old block. */
export function numbered(blocks: readonly Block[] | undefined): { blocks?: Block[] } {
  return blocks === undefined || blocks.length === 0 ? {} : { blocks: withIds(blocks, () => makeId('', 5)) };
}

function post(
  team: Team,
  channel: Channel,
  user: string,
  content: Content,
  author: { bot_id?: string; app_id?: string },
): Message {
  const message: Message = {
    channel: channel.id,
    ts: team.store.nextTs(),
    user,
    text: content.text,
    ...author,
    ...numbered(content.blocks),
    ...(content.thread_ts === undefined ? {} : { thread_ts: content.thread_ts }),
    ...(content.broadcast === true && content.thread_ts !== undefined ? { subtype: 'thread_broadcast' as const } : {}),
    ...(content.metadata === undefined ? {} : { metadata: content.metadata }),
  };
  team.store.putMessage(message);
  hear(team, channel.id, {
    ...apiMessage(message, team.store, true),
    channel: channel.id,
    event_ts: message.ts,
    channel_type: channel.kind,
  });
  return message;
}

function hear(team: Team, channelId: string, event: Record<string, unknown>): void {
  const channel = team.store.channels.get(channelId);
  if (channel?.hasApp !== true) return;
  team.events.dispatch(channel.kind === 'im' ? 'message.im' : 'message.channels', {
    channel_type: channel.kind,
    ...event,
  });
}

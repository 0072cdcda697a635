import { z } from 'zod';
import { refuse } from '../api-refusal.ts';
import { checkMessageBlocks } from '../blocks/index.ts';
import { changeMessage, deleteMessage, numbered, postAsApp } from '../posting.ts';
import { apiMessage } from '../render.ts';
import { APP, TEAM } from '../settings.ts';
import type { Message, Metadata } from '../shapes.ts';
import type { Team } from '../team.ts';
import { defineMethod, findChannel, flag, type Method, ownChannel } from './define.ts';

const POST_TEXT = 40_000;
const UPDATE_TEXT = 4_000;

const content = {
  channel: z.string(),
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  metadata: z.unknown().optional(),
};
const MetadataShape = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

/** Text and blocks as the API takes them. @throws SlackApiRefusal no_text, msg_too_long and those of the blocks. */
function contentOf(args: { text?: string | undefined; blocks?: unknown }, maxText: number) {
  const blocks = args.blocks === undefined ? undefined : checkMessageBlocks(args.blocks);
  const text = args.text ?? '';
  if (text === '' && (blocks === undefined || blocks.length === 0)) refuse('no_text');
  if (text.length > maxText) refuse('msg_too_long');
  return { text, blocks };
}

function metadataOf(given: unknown): Metadata | undefined {
  if (given === undefined) return undefined;
  let value = given;
  try {
    if (typeof given === 'string') value = JSON.parse(given);
  } catch {
    return refuse('invalid_metadata_format');
  }
  const parsed = MetadataShape.safeParse(value);
  return parsed.success ? parsed.data : refuse('invalid_metadata_schema');
}

/** @throws SlackApiRefusal message_not_found, or `error` when the message is somebody else's. */
function ownMessage(team: Team, channel: string, ts: string, error: string): Message {
  const message = team.store.message(channel, ts) ?? refuse('message_not_found');
  return message.bot_id === APP.botId ? message : refuse(error);
}

const postMessage = defineMethod({
  scope: 'chat:write',
  tier: 'post',
  args: z.object({ ...content, thread_ts: z.string().optional(), reply_broadcast: flag.optional() }),
  run(args, team) {
    const channel = ownChannel(team, args.channel);
    const { text, blocks } = contentOf(args, POST_TEXT);
    const root = args.thread_ts === undefined ? undefined : team.store.message(channel.id, args.thread_ts);
    if (args.thread_ts !== undefined && root === undefined) refuse('thread_not_found');
    const message = postAsApp(team, channel, {
      text,
      blocks,
      metadata: metadataOf(args.metadata),
      // A reply to a reply joins the reply's thread.
      thread_ts: root?.thread_ts ?? root?.ts,
      broadcast: args.reply_broadcast ?? false,
    });
    return { channel: channel.id, ts: message.ts, message: apiMessage(message, team.store, true) };
  },
});

const update = defineMethod({
  scope: 'chat:write',
  tier: 3,
  args: z.object({ ...content, ts: z.string() }),
  run(args, team) {
    const channel = findChannel(team, args.channel);
    const before = ownMessage(team, channel.id, args.ts, 'cant_update_message');
    const { text, blocks } = contentOf(args, UPDATE_TEXT);
    const metadata = metadataOf(args.metadata) ?? before.metadata;
    const { blocks: _old, metadata: _kept, ...rest } = before;
    // `text` without `blocks` takes the blocks away.
    const after: Message = {
      ...rest,
      text,
      ...numbered(blocks),
      ...(metadata === undefined ? {} : { metadata }),
      edited: { user: APP.botUser, ts: team.store.nextTs() },
    };
    changeMessage(team, before, after);
    return { channel: channel.id, ts: after.ts, text, message: apiMessage(after, team.store, true) };
  },
});

const remove = defineMethod({
  scope: 'chat:write',
  tier: 3,
  args: z.object({ channel: z.string(), ts: z.string() }),
  run(args, team) {
    const channel = findChannel(team, args.channel);
    deleteMessage(team, ownMessage(team, channel.id, args.ts, 'cant_delete_message'));
    return { channel: channel.id, ts: args.ts };
  },
});

const postEphemeral = defineMethod({
  scope: 'chat:write',
  tier: 4,
  args: z.object({ ...content, user: z.string(), thread_ts: z.string().optional() }),
  run(args, team) {
    const channel = ownChannel(team, args.channel);
    const { text, blocks } = contentOf(args, POST_TEXT);
    if (!team.store.people.has(args.user)) refuse('user_not_in_channel');
    const ts = team.store.nextTs();
    team.store.putEphemeral({
      channel: channel.id,
      ts,
      to: args.user,
      from: 'app',
      text,
      ...numbered(blocks),
      ...(args.thread_ts === undefined ? {} : { thread_ts: args.thread_ts }),
    });
    return { message_ts: ts };
  },
});

const getPermalink = defineMethod({
  scope: 'none',
  tier: 4,
  args: z.object({ channel: z.string(), message_ts: z.string() }),
  run(args, team) {
    const channel = findChannel(team, args.channel);
    const message = team.store.message(channel.id, args.message_ts) ?? refuse('message_not_found');
    const thread = message.thread_ts === undefined ? '' : `?thread_ts=${message.thread_ts}&cid=${channel.id}`;
    const permalink = `https://${TEAM.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink };
  },
});

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};

import { z } from 'zod';
import { refuse } from '../api-refusal.ts';
import { compareTs } from '../ids.ts';
import { apiChannel, apiMessage } from '../render.ts';
import { APP } from '../settings.ts';
import type { Message } from '../shapes.ts';
import { defineMethod, findChannel, flag, type Method, ownChannel, whole } from './define.ts';

const window = {
  channel: z.string(),
  cursor: z.string().optional(),
  limit: whole.min(1).max(999).default(100),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.default(false),
  include_all_metadata: flag.default(false),
};
interface Window {
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly inclusive: boolean;
}

function within(message: Message, { oldest, latest, inclusive }: Window): boolean {
  const edge = inclusive ? 0 : 1;
  const afterOldest = oldest === undefined || compareTs(message.ts, oldest) >= edge;
  const beforeLatest = latest === undefined || compareTs(latest, message.ts) >= edge;
  return afterOldest && beforeLatest;
}

/** One page and the cursor of the next. @throws SlackApiRefusal invalid_cursor. */
function page<T>(all: readonly T[], limit: number, cursor: string | undefined): { items: readonly T[]; next: string } {
  const from = cursor === undefined || cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) refuse('invalid_cursor');
  const until = from + limit;
  return {
    items: all.slice(from, until),
    next: until < all.length ? Buffer.from(String(until)).toString('base64') : '',
  };
}

const history = defineMethod({
  scope: 'channels:history',
  tier: 3,
  args: z.object(window),
  run(args, team) {
    const channel = ownChannel(team, args.channel);
    // Replies are not in a channel's history, unless they were sent to the channel as well.
    const roots = team.store
      .messages(channel.id)
      .filter((message) => message.thread_ts === undefined || message.subtype === 'thread_broadcast')
      .filter((message) => within(message, args))
      .toReversed();
    const { items, next } = page(roots, args.limit, args.cursor);
    return {
      messages: items.map((message) => apiMessage(message, team.store, args.include_all_metadata)),
      has_more: next !== '',
      pin_count: 0,
      response_metadata: { next_cursor: next },
    };
  },
});

const replies = defineMethod({
  scope: 'channels:history',
  tier: 3,
  args: z.object({ ...window, ts: z.string() }),
  run(args, team) {
    const channel = ownChannel(team, args.channel);
    const root = team.store.message(channel.id, args.ts) ?? refuse('thread_not_found');
    const thread = team.store
      .thread(channel.id, root.thread_ts ?? root.ts)
      .filter((message) => message.ts === root.ts || within(message, args));
    const { items, next } = page(thread, args.limit, args.cursor);
    return {
      messages: items.map((message) => apiMessage(message, team.store, args.include_all_metadata)),
      has_more: next !== '',
      response_metadata: { next_cursor: next },
    };
  },
});

const info = defineMethod({
  scope: 'channels:read',
  tier: 3,
  args: z.object({ channel: z.string() }),
  run: (args, team) => ({ channel: apiChannel(findChannel(team, args.channel)) }),
});

const list = defineMethod({
  scope: 'channels:read',
  tier: 2,
  args: z.object({
    types: z.string().default('public_channel'),
    limit: whole.default(100),
    cursor: z.string().optional(),
  }),
  run(args, team) {
    const wanted = args.types.split(',').map((type) => (type.trim() === 'im' ? 'im' : 'channel'));
    const channels = [...team.store.channels.values()].filter((channel) => wanted.includes(channel.kind));
    const { items, next } = page(channels, args.limit, args.cursor);
    return { channels: items.map(apiChannel), response_metadata: { next_cursor: next } };
  },
});

const members = defineMethod({
  scope: 'channels:read',
  tier: 4,
  args: z.object({ channel: z.string(), limit: whole.default(100), cursor: z.string().optional() }),
  run(args, team) {
    const channel = findChannel(team, args.channel);
    const people = channel.with === undefined ? [...team.store.people.keys()] : [channel.with];
    const { items, next } = page(channel.hasApp ? [...people, APP.botUser] : people, args.limit, args.cursor);
    return { members: items, response_metadata: { next_cursor: next } };
  },
});

const open = defineMethod({
  scope: 'im:write',
  tier: 3,
  args: z.object({ users: z.string(), return_im: flag.optional() }),
  run(args, team) {
    const person = args.users.trim();
    // Group messages are not part of this double.
    if (person.includes(',')) refuse('method_not_supported_for_channel_type');
    if (!team.store.people.has(person)) refuse('user_not_found');
    const channel = team.store.directWith(person);
    return { channel: args.return_im === true ? apiChannel(channel) : { id: channel.id } };
  },
});

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.open': open,
};

import { z } from 'zod';
import { refuse } from '../api-refusal.ts';
import { makeId } from '../ids.ts';
import { apiMessage } from '../render.ts';
import { APP } from '../settings.ts';
import type { Team } from '../team.ts';
import { defineMethod, findChannel, type Method, ownChannel } from './define.ts';

/** Adds one person's reaction. @throws SlackApiRefusal already_reacted, message_not_found, invalid_name. */
export function react(team: Team, user: string, channel: string, ts: string, name: string): void {
  if (!/^[a-z0-9_+'-]+$/.test(name)) refuse('invalid_name');
  const message = team.store.message(channel, ts) ?? refuse('message_not_found');
  const reactions = message.reactions ?? [];
  const users = reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(user)) refuse('already_reacted');
  team.store.putMessage({
    ...message,
    reactions: [...reactions.filter((reaction) => reaction.name !== name), { name, users: [...users, user] }],
  });
  if (team.store.channels.get(channel)?.hasApp !== true) return;
  team.events.dispatch('reaction_added', {
    type: 'reaction_added',
    user,
    reaction: name,
    item: { type: 'message', channel, ts },
    item_user: message.user,
    event_ts: team.store.nextTs(),
  });
}

const addReaction = defineMethod({
  scope: 'reactions:write',
  tier: 3,
  args: z.object({ channel: z.string(), timestamp: z.string(), name: z.string() }),
  run(args, team) {
    react(team, APP.botUser, ownChannel(team, args.channel).id, args.timestamp, args.name);
    return {};
  },
});

const getReactions = defineMethod({
  scope: 'reactions:read',
  tier: 3,
  args: z.object({ channel: z.string(), timestamp: z.string() }),
  run(args, team) {
    const channel = ownChannel(team, args.channel);
    const message = team.store.message(channel.id, args.timestamp) ?? refuse('message_not_found');
    return { type: 'message', channel: channel.id, message: apiMessage(message, team.store, false) };
  },
});

const addPin = defineMethod({
  scope: 'pins:write',
  tier: 2,
  args: z.object({ channel: z.string(), timestamp: z.string() }),
  run(args, team) {
    const channel = ownChannel(team, args.channel);
    const message = team.store.message(channel.id, args.timestamp) ?? refuse('message_not_found');
    if (message.pinned === true) refuse('already_pinned');
    team.store.putMessage({ ...message, pinned: true });
    return {};
  },
});

const addBookmark = defineMethod({
  scope: 'bookmarks:write',
  tier: 2,
  args: z.object({ channel_id: z.string(), title: z.string().min(1), type: z.string(), link: z.string().optional() }),
  run(args, team) {
    const channel = findChannel(team, args.channel_id);
    if (args.type !== 'link') refuse('invalid_bookmark_type');
    const link = args.link ?? refuse('invalid_link');
    if (!URL.canParse(link)) refuse('invalid_link');
    const bookmark = { id: makeId('Bk'), channel: channel.id, title: args.title, link };
    team.store.addBookmark(bookmark);
    return { bookmark: { ...bookmark, channel_id: channel.id, type: 'link', app_id: APP.id } };
  },
});

export const markMethods: Readonly<Record<string, Method>> = {
  'reactions.add': addReaction,
  'reactions.get': getReactions,
  'pins.add': addPin,
  'bookmarks.add': addBookmark,
};

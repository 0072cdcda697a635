import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { PersonId } from '#core';
import type { SlackNames } from './render/render-text.ts';
import { refused } from './slack-errors.ts';

const Channels = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().optional() })).default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const Opened = z.object({ channel: z.object({ id: z.string() }) });

/**
 * Slack's ids for what we call a channel: `C...` as it is, `#incident-response` by its name, `direct:john-smith` as the
 * conversation with that person. Asked once each. Throws CHAT_REFUSED (`channel_not_found`, `not_linked`).
 */
export function channelIds(client: WebClient, names: SlackNames): (channel: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (channel) => {
    if (/^[CGD][A-Z0-9]{6,}$/.test(channel)) return channel;
    const id = known.get(channel) ?? (await find(channel));
    known.set(channel, id);
    return id;
  };

  async function find(channel: string): Promise<string> {
    const person = PersonId.safeParse(/^direct:(.*)$/.exec(channel)?.[1]);
    return person.success ? await openDirect(userOf(names, person.data)) : await findByName(channel.replace(/^#/, ''));
  }

  async function openDirect(users: string): Promise<string> {
    return Opened.parse(await client.conversations.open({ users })).channel.id;
  }

  async function findByName(name: string): Promise<string> {
    let cursor = '';
    for (let page = 0; page < 50; page += 1) {
      const types = 'public_channel,private_channel';
      const answer = await client.conversations.list({
        types,
        limit: 200,
        exclude_archived: true,
        ...(cursor ? { cursor } : {}),
      });
      const { channels, response_metadata } = Channels.parse(answer);
      const found = channels.find((each) => each.name === name);
      if (found) return found.id;
      cursor = response_metadata?.next_cursor ?? '';
      if (cursor === '') break;
    }
    throw refused('conversations.list', 'channel_not_found');
  }
}

/** The linked account. Throws CHAT_REFUSED (`not_linked`). */
export function userOf(names: SlackNames, person: PersonId): string {
  const user = names.userOf(person);
  if (user === undefined) throw refused('users', 'not_linked');
  return user;
}

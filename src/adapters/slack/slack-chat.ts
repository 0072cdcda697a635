import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Clock, Logger } from '#core';
import { type Card, type Chat, directChannel, type MessagePlace } from '#ports';
import { channelIds, userOf } from './channels.ts';
import { EVENT_TYPE, findPosted } from './find-posted.ts';
import { renderCard, renderPush } from './render/render-card.ts';
import { renderForm } from './render/render-form.ts';
import type { SlackNames } from './render/render-text.ts';
import { respond } from './respond.ts';
import { slackClient } from './slack-client.ts';
import { asChatError } from './slack-errors.ts';

export interface SlackChatOptions {
  readonly token: string;
  /** With the trailing slash, as in SLACK_API_URL. */
  readonly apiUrl: string;
  readonly names: SlackNames;
  readonly clock: Clock;
  readonly log: Logger;
  /** For each call. Default 5 s: shorter than the poster's lease. */
  readonly timeoutMs?: number;
}

const Posted = z.object({ channel: z.string(), ts: z.string() });
const Self = z.object({ team: z.string(), user: z.string(), bot_id: z.string() });
const Link = z.object({ permalink: z.string() });

/** The chat port on Slack's Web API. */
export function slackChat(options: SlackChatOptions): Chat {
  const { apiUrl, names, clock, timeoutMs = 5000 } = options;
  const client = slackClient({ ...options, timeoutMs });
  const idOf = channelIds(client, names);
  const content = (card: Card) => {
    const blocks = renderCard(card, names, clock.now());
    return { text: renderPush(card.push), ...(blocks.length > 0 ? { blocks } : {}) };
  };
  const self = selfOnce(client);
  const post = async (channel: string, threadTs: string | undefined, card: Card, sequence: string) => {
    const answer = await client.chat.postMessage({
      channel: await idOf(channel),
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      ...content(card),
      metadata: { event_type: EVENT_TYPE, event_payload: { sequence } },
      unfurl_links: false,
      unfurl_media: false,
    });
    return Posted.parse(answer);
  };

  return {
    post: ({ channel, threadTs, card, sequence }) =>
      calling('chat.postMessage', () => post(channel, threadTs, card, sequence)),
    update: (place, card) =>
      calling('chat.update', async () => {
        await client.chat.update({ channel: place.channel, ts: place.ts, ...content(card) });
      }),
    findPosted: (channel, threadTs, sequence) =>
      calling('conversations.replies', async (): Promise<MessagePlace | undefined> => {
        const search = { channel: await idOf(channel), threadTs, sequence, botId: (await self()).bot_id };
        const ts = await findPosted(client, search);
        return ts === undefined ? undefined : { channel: search.channel, ts };
      }),
    whisper: (channel, person, card) =>
      calling('chat.postEphemeral', async () => {
        const to = { channel: await idOf(channel), user: userOf(names, person) };
        await client.chat.postEphemeral({ ...to, ...content(card) });
      }),
    direct: (person, card, sequence) =>
      calling('chat.postMessage', () => post(directChannel(person), undefined, card, sequence)),
    respond: (address, card, readers) => {
      const response_type = readers === 'channel' ? 'in_channel' : 'ephemeral';
      const body = { ...content(card), replace_original: false, response_type };
      return respond({ address, apiUrl, body, timeoutMs });
    },
    openForm: (trigger, form) =>
      calling('views.open', async () => {
        await client.views.open({ trigger_id: trigger, view: renderForm(form, names, clock.now()) });
      }),
    openDetails: (trigger, title, card) =>
      calling('views.open', async () => {
        const blocks = renderCard(card, names, clock.now(), 'modal');
        const plain = (text: string) => ({ type: 'plain_text' as const, text, emoji: false });
        const view = { type: 'modal' as const, title: plain(title.slice(0, 24)), close: plain('Close'), blocks };
        await client.views.open({ trigger_id: trigger, view });
      }),
    permalink: (place) =>
      calling('chat.getPermalink', async () => {
        const answer = await client.chat.getPermalink({ channel: place.channel, message_ts: place.ts });
        return Link.parse(answer).permalink;
      }),
    check: () =>
      calling('auth.test', async () => {
        const { team, user } = Self.parse(await client.auth.test());
        return { team, bot: user };
      }),
  };
}

async function calling<T>(method: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asChatError(method, thrown);
  }
}

/** Who we are in the workspace, asked once; again after a failure. */
function selfOnce(client: WebClient): () => Promise<z.output<typeof Self>> {
  let known: z.output<typeof Self> | undefined;
  return async () => {
    known ??= Self.parse(await client.auth.test());
    return known;
  };
}

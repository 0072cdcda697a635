import type { WebClient } from '@slack/web-api';
import { z } from 'zod';

export const EVENT_TYPE = 'holdfast_message';

const Page = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        bot_id: z.string().optional(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.looseObject({ sequence: z.unknown() }) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** A thread of 4,000 lines, or a channel's newest 1,000 root messages: a resend is never older. */
const MOST_PAGES = { thread: 20, channel: 5 } as const;

interface Search {
  readonly channel: string;
  readonly threadTs: string | undefined;
  readonly sequence: string;
  /** Only what this bot posted counts: anybody may write the same metadata. */
  readonly botId: string;
}

/** The `ts` of our message that carries this sequence in its metadata. */
export async function findPosted(client: WebClient, search: Search): Promise<string | undefined> {
  const { channel, threadTs, sequence, botId } = search;
  let cursor = '';
  const most = threadTs === undefined ? MOST_PAGES.channel : MOST_PAGES.thread;
  for (let page = 0; page < most; page += 1) {
    const common = { channel, include_all_metadata: true, limit: 200, ...(cursor ? { cursor } : {}) };
    const answer = await (threadTs === undefined
      ? client.conversations.history(common)
      : client.conversations.replies({ ...common, ts: threadTs }));
    const { messages, response_metadata } = Page.parse(answer);
    const found = messages.find(
      ({ bot_id, metadata }) =>
        bot_id === botId && metadata?.event_type === EVENT_TYPE && metadata.event_payload.sequence === sequence,
    );
    if (found) return found.ts;
    cursor = response_metadata?.next_cursor ?? '';
    if (cursor === '') return undefined;
  }
  return undefined;
}

import { fetch, type Response } from 'undici';
import { z } from 'zod';
import { asDrError } from '#core';
import { refused, unavailable } from './slack-errors.ts';

interface Answer {
  /** Slack's `response_url`. A secret: whoever has it can answer in our name for half an hour. */
  readonly address: string;
  /** Answers go to this host and to hooks.slack.com only, so that a forged address gets nothing. */
  readonly apiUrl: string;
  readonly body: Record<string, unknown>;
  readonly timeoutMs: number;
}

const Refusal = z.object({ error: z.string() }).catch({ error: 'used_url' });

/** Posts to a `response_url`. Throws CHAT_UNAVAILABLE, CHAT_REFUSED (used up, expired, or no address of Slack's). */
export async function respond({ address, apiUrl, body, timeoutMs }: Answer): Promise<void> {
  if (!isSlacks(address, apiUrl)) throw refused('response_url', 'invalid_url');
  const response = await post(address, body, timeoutMs);
  const text = await response.text();
  if (response.status === 429) {
    throw unavailable('response_url', undefined, Number(response.headers.get('retry-after') ?? 1) * 1000);
  }
  if (response.status >= 500) throw unavailable('response_url', undefined);
  if (!response.ok) throw refused('response_url', errorIn(text));
}

function isSlacks(address: string, apiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  return (protocol === 'https:' && host === 'hooks.slack.com') || new URL(apiUrl).host === host;
}

async function post(address: string, body: Record<string, unknown>, timeoutMs: number): Promise<Response> {
  try {
    return await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (thrown) {
    // Its message, not the error itself: that names the address.
    throw unavailable('response_url', asDrError(thrown).message.replaceAll(address, '[response_url]'));
  }
}

function errorIn(text: string): string {
  try {
    return Refusal.parse(JSON.parse(text)).error;
  } catch {
    return 'used_url';
  }
}

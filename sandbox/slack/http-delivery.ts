import { createHmac } from 'node:crypto';
import { fetch, type Response } from 'undici';
import type { Delivered, Delivery, Envelope } from './delivery.ts';
import { timedOut, unreachable } from './delivery.ts';

export interface RequestUrls {
  readonly commands: string;
  readonly interactivity: string;
  readonly events: string;
}

/** Slack's v0 request signature: hex HMAC-SHA256 over `v0:timestamp:raw body`. */
export function signature(secret: string, timestampSeconds: number, rawBody: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestampSeconds}:${rawBody}`).digest('hex')}`;
}

/** Signed POSTs to the app's request URLs, each with the 3 s deadline. */
export class HttpDelivery implements Delivery {
  #urls: RequestUrls | undefined;
  readonly #secret: string;
  readonly #ackWithinMs: number;
  readonly #now: () => number;

  constructor(secret: string, ackWithinMs: number, now: () => number) {
    this.#secret = secret;
    this.#ackWithinMs = ackWithinMs;
    this.#now = now;
  }

  /**
   * Slack's url_verification: the events URL must give the challenge back before it is saved.
   * @throws Error with what the app answered instead.
   */
  async verifyAndUse(urls: RequestUrls): Promise<void> {
    const challenge = `challenge-${this.#now()}`;
    const body = JSON.stringify({ token: 'sandbox', challenge, type: 'url_verification' });
    const response = await this.#post(urls.events, body, 'application/json', {});
    const text = await response.text();
    if (response.status !== 200 || !text.includes(challenge)) {
      throw new Error(`Your URL didn't respond with the value of the challenge parameter: ${response.status} ${text}`);
    }
    this.#urls = urls;
  }

  async deliver(envelope: Envelope): Promise<Delivered> {
    if (this.#urls === undefined) return unreachable;
    try {
      const response = await this.#send(envelope, this.#urls);
      const text = await response.text();
      if (response.status < 200 || response.status > 299) {
        const noRetry = response.headers.get('x-slack-no-retry') === '1';
        return { state: 'failed', error: 'http_service_error', reason: 'http_error', noRetry };
      }
      return { state: 'acked', body: bodyOf(text) };
    } catch (cause) {
      return cause instanceof DOMException && cause.name === 'TimeoutError' ? timedOut : unreachable;
    }
  }

  #send(envelope: Envelope, urls: RequestUrls): Promise<Response> {
    if (envelope.kind === 'events_api') {
      const retry: Record<string, string> =
        envelope.retry === undefined
          ? {}
          : { 'x-slack-retry-num': String(envelope.retry.number), 'x-slack-retry-reason': envelope.retry.reason };
      return this.#post(urls.events, JSON.stringify(envelope.payload), 'application/json', retry);
    }
    const form =
      envelope.kind === 'interactive'
        ? new URLSearchParams({ payload: JSON.stringify(envelope.payload) })
        : new URLSearchParams(
            Object.entries(envelope.payload).map(([key, value]): [string, string] => [key, String(value)]),
          );
    const url = envelope.kind === 'interactive' ? urls.interactivity : urls.commands;
    return this.#post(url, form.toString(), 'application/x-www-form-urlencoded', {});
  }

  #post(url: string, body: string, contentType: string, headers: Record<string, string>): Promise<Response> {
    const timestampSeconds = Math.floor(this.#now() / 1000);
    return fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(timestampSeconds),
        'x-slack-signature': signature(this.#secret, timestampSeconds, body),
        ...headers,
      },
      signal: AbortSignal.timeout(this.#ackWithinMs),
    });
  }
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

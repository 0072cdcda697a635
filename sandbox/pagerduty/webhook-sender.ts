import { createHmac, randomUUID } from 'node:crypto';
import { fetch } from 'undici';
import type { PagerDutySettings, Webhook } from './settings.ts';
import type { WebhookEvent } from './webhook-body.ts';

/** One webhook and what became of it. */
export interface Sent {
  readonly id: string;
  readonly event: string;
  readonly type: string;
  state: 'waiting' | 'delivered' | 'dropped';
  /** The status of each try; 0 where none came. */
  readonly tries: number[];
}

/** What the next webhooks meet: lost on the way, sent a second time, or overtaken by the one after. */
export interface WebhookFaults {
  drop: number;
  twice: number;
  overtaken: number;
}

const DROPS_TO_DISABLE = 3;
const SENT_KEPT = 1_000;

/** `v1=` and the hex HMAC-SHA256 of the raw body, once a secret, with commas between. */
export const signatures = (body: string, secrets: readonly string[]): string =>
  secrets.map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`).join(',');

/**
 * v3 webhooks: in order, each up to five times while it meets 5xx, 429, silence or nobody; a 4xx drops it at once. Three
 * dropped in a row, and nothing is sent any more until somebody turns it on again (PagerDuty: for 24 hours).
 */
export class WebhookSender {
  readonly sent: Sent[] = [];
  readonly faults: WebhookFaults = { drop: 0, twice: 0, overtaken: 0 };
  disabled = false;
  readonly #limits: PagerDutySettings['limits'];
  readonly #stopped = new AbortController();
  #webhook: Webhook | undefined;
  #last: Promise<void> = Promise.resolve();
  #held: WebhookEvent | undefined;
  #droppedInARow = 0;

  constructor(settings: PagerDutySettings) {
    this.#limits = settings.limits;
    this.#webhook = settings.webhook;
  }

  /** Sends to there from now on, and is on again. */
  use(webhook: Webhook | undefined): void {
    this.#webhook = webhook;
    this.disabled = false;
    this.#droppedInARow = 0;
  }

  /** Does not wait. */
  send(event: WebhookEvent): void {
    if (this.faults.drop > 0) {
      this.faults.drop -= 1;
      return;
    }
    if (this.#held === undefined && this.faults.overtaken > 0) {
      this.faults.overtaken -= 1;
      this.#held = event;
      return;
    }
    this.#enqueue(event);
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#enqueue(held);
  }

  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void> {
    return this.#last;
  }

  stop(): void {
    this.#stopped.abort();
  }

  #enqueue(event: WebhookEvent): void {
    const webhook = this.#webhook;
    if (webhook === undefined) return;
    const times = this.faults.twice > 0 ? 2 : 1;
    if (times === 2) this.faults.twice -= 1;
    const sent: Sent = { id: randomUUID(), event: event.id, type: event.event_type, state: 'waiting', tries: [] };
    this.sent.push(sent);
    this.sent.splice(0, this.sent.length - SENT_KEPT);
    const body = JSON.stringify({ event });
    this.#last = this.#last.then(async () => {
      for (let time = 0; time < times; time += 1) await this.#deliver(webhook, sent, body);
    });
  }

  async #deliver(webhook: Webhook, sent: Sent, body: string): Promise<void> {
    if (this.disabled || this.#stopped.signal.aborted) return this.#drop(sent);
    for (const pauseMs of [0, ...this.#limits.webhookRetryAfterMs]) {
      if (!(await this.#pause(pauseMs))) return;
      const status = await this.#post(webhook, sent.id, body);
      sent.tries.push(status);
      if (status >= 200 && status < 300) {
        sent.state = 'delivered';
        this.#droppedInARow = 0;
        return;
      }
      if (status >= 400 && status < 500 && status !== 429) break;
    }
    this.#drop(sent);
  }

  #drop(sent: Sent): void {
    sent.state = 'dropped';
    this.#droppedInARow += 1;
    if (this.#droppedInARow >= DROPS_TO_DISABLE) this.disabled = true;
  }

  /** False when it is over meanwhile. */
  #pause(ms: number): Promise<boolean> {
    const { signal } = this.#stopped;
    if (signal.aborted) return Promise.resolve(false);
    if (ms === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        resolve(false);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', end);
        resolve(true);
      }, ms);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  async #post({ url, secrets }: Webhook, id: string, body: string): Promise<number> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'PagerDuty-Webhook/V3.0',
          'x-webhook-id': id,
          'x-webhook-subscription': 'PWEBHK01',
          'x-pagerduty-signature': signatures(body, secrets),
        },
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(this.#limits.webhookWithinMs)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    }
  }
}

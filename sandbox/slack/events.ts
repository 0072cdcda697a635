import type { Delivery } from './delivery.ts';
import { makeId } from './ids.ts';
import type { SlackLimits } from './limits.ts';
import { APP, TEAM } from './settings.ts';

/** An event that no try brought through; kept so that a test or a person can see it. */
export interface LostEvent {
  readonly eventId: string;
  readonly type: string;
}

/**
 * The Events API: each event as an `event_callback`, repeated at once, after 1 min and after 5 min when
 * it was not acknowledged, always under the same event_id.
 */
export class EventDispatcher {
  readonly lost: LostEvent[] = [];
  readonly #delivery: Delivery;
  readonly #limits: SlackLimits;
  readonly #subscribed: ReadonlySet<string>;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #now: () => number;

  constructor(delivery: Delivery, limits: SlackLimits, subscribed: readonly string[], now: () => number) {
    this.#delivery = delivery;
    this.#limits = limits;
    this.#subscribed = new Set(subscribed);
    this.#now = now;
  }

  /** Sends `event` if the app subscribed to `subscription` (such as `message.channels`). Does not wait. */
  dispatch(subscription: string, event: Record<string, unknown>): void {
    if (!this.#subscribed.has(subscription)) return;
    const payload = {
      token: 'sandbox',
      team_id: TEAM.id,
      context_team_id: TEAM.id,
      api_app_id: APP.id,
      event,
      type: 'event_callback',
      event_id: makeId('Ev'),
      event_time: Math.floor(this.#now() / 1000),
      authorizations: [
        { enterprise_id: null, team_id: TEAM.id, user_id: APP.botUser, is_bot: true, is_enterprise_install: false },
      ],
      is_ext_shared_channel: false,
    };
    void this.#attempt(payload, undefined);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #attempt(
    payload: Record<string, unknown> & { readonly event_id: string; readonly event: Record<string, unknown> },
    retry:
      | { readonly number: number; readonly reason: 'http_timeout' | 'connection_failed' | 'http_error' }
      | undefined,
  ): Promise<void> {
    const delivered = await this.#delivery.deliver({
      kind: 'events_api',
      payload,
      ...(retry === undefined ? {} : { retry }),
    });
    if (delivered.state === 'acked') return;
    const number = (retry?.number ?? 0) + 1;
    const afterMs = this.#limits.eventRetryAfterMs[number - 1];
    if (afterMs === undefined || delivered.noRetry === true) {
      this.lost.push({ eventId: payload.event_id, type: String(payload.event['type']) });
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#attempt(payload, { number, reason: delivered.reason });
    }, afterMs);
    this.#timers.add(timer);
  }
}

import { z } from 'zod';

/**
 * Slack's clocks and quotas, adjustable so that a test need not wait for them. Values are the documented
 * ones: docs.slack.dev/apis/web-api/rate-limits, /interactivity/handling-user-interaction, /apis/events-api.
 */
const fields = z.strictObject({
  /** chat.postMessage: about one a second a channel, short bursts allowed. */
  postPerSecond: z.number().positive().default(1),
  postBurst: z.number().int().positive().default(8),
  /** Calls a minute for each tier; the figure of every method of that tier on its own. */
  tierPerMinute: z
    .strictObject({ 2: z.number().default(20), 3: z.number().default(50), 4: z.number().default(100) })
    .default({ 2: 20, 3: 50, 4: 100 }),
  ackWithinMs: z.number().positive().default(3000),
  triggerWithinMs: z.number().positive().default(3000),
  responseUrlWithinMs: z
    .number()
    .positive()
    .default(30 * 60_000),
  responseUrlUses: z.number().int().positive().default(5),
  eventRetryAfterMs: z.array(z.number().min(0)).default([0, 60_000, 300_000]),
  pingEveryMs: z.number().positive().default(10_000),
  maxSockets: z.number().int().positive().default(10),
});

export const SlackLimits = fields.default(fields.parse({}));
export type SlackLimits = z.output<typeof fields>;

export type Tier = 'post' | 2 | 3 | 4;

/** Token buckets, one for each key; `take` answers how long to wait when the bucket is empty. */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();
  readonly #limits: SlackLimits;
  readonly #now: () => number;

  constructor(limits: SlackLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** @returns undefined when allowed, else the whole seconds for Retry-After. */
  take(method: string, tier: Tier, channel: string): number | undefined {
    const { size, perSecond } = this.#rate(tier);
    const key = tier === 'post' ? `${method} ${channel}` : method;
    const nowMs = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: size, atMs: nowMs };
    const tokens = Math.min(size, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    if (tokens < 1) {
      this.#buckets.set(key, { tokens, atMs: nowMs });
      return Math.max(1, Math.ceil((1 - tokens) / perSecond));
    }
    this.#buckets.set(key, { tokens: tokens - 1, atMs: nowMs });
    return undefined;
  }

  #rate(tier: Tier): { size: number; perSecond: number } {
    if (tier === 'post') return { size: this.#limits.postBurst, perSecond: this.#limits.postPerSecond };
    const perMinute = this.#limits.tierPerMinute[tier];
    return { size: perMinute, perSecond: perMinute / 60 };
  }
}

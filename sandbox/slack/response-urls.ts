import { randomBytes } from 'node:crypto';
import { refuse } from './api-refusal.ts';
import type { SlackLimits } from './limits.ts';
import { TEAM } from './settings.ts';

/** What a response_url stands for: one person's act in one channel, and the message it came from. */
export interface ResponseTarget {
  readonly person: string;
  readonly channel: string;
  /** Replaced or deleted on demand. A slash command has none until the first answer. */
  original?: { readonly kind: 'message' | 'ephemeral'; readonly ts: string };
  readonly thread_ts?: string;
}

/** response_urls: five answers within 30 minutes each. */
export class ResponseUrls {
  readonly #issued = new Map<string, { target: ResponseTarget; expiresAtMs: number; left: number }>();
  readonly #limits: SlackLimits;
  readonly #now: () => number;

  constructor(limits: SlackLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  issue(base: string, target: ResponseTarget): string {
    const id = randomBytes(18).toString('hex');
    this.#issued.set(id, {
      target,
      expiresAtMs: this.#now() + this.#limits.responseUrlWithinMs,
      left: this.#limits.responseUrlUses,
    });
    return `${base}/response/${TEAM.id}/${id}`;
  }

  /** Uses it once. @throws SlackApiRefusal expired_url (too late or unknown) or used_url (all answers given). */
  use(id: string): ResponseTarget {
    const issued = this.#issued.get(id);
    if (issued === undefined || this.#now() > issued.expiresAtMs) return refuse('expired_url');
    if (issued.left <= 0) return refuse('used_url');
    issued.left -= 1;
    return issued.target;
  }
}

import { randomBytes } from 'node:crypto';
import { refuse } from './api-refusal.ts';

/** trigger_ids: the right to open one view for one person, for 3 s, once. */
export class Triggers {
  readonly #issued = new Map<string, { person: string; expiresAtMs: number; used: boolean }>();
  readonly #withinMs: number;
  readonly #now: () => number;

  constructor(withinMs: number, now: () => number) {
    this.#withinMs = withinMs;
    this.#now = now;
  }

  issue(person: string): string {
    const id = `${this.#now()}.${this.#issued.size}.${randomBytes(16).toString('hex')}`;
    this.#issued.set(id, { person, expiresAtMs: this.#now() + this.#withinMs, used: false });
    return id;
  }

  /** @returns whose click it was. @throws SlackApiRefusal invalid_, expired_ or exchanged_trigger_id. */
  use(id: string): string {
    const trigger = this.#issued.get(id);
    if (trigger === undefined) return refuse('invalid_trigger_id');
    if (trigger.used) return refuse('exchanged_trigger_id');
    if (this.#now() > trigger.expiresAtMs) return refuse('expired_trigger_id');
    this.#issued.set(id, { ...trigger, used: true });
    return trigger.person;
  }
}

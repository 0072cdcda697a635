import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** An id in Slack's form, such as `C07K2MPQRST`: a type letter and capitals. */
export function makeId(prefix: string, length = 10): string {
  const picked = [...randomBytes(length)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return `${prefix}${picked.join('')}`;
}

/**
 * Message timestamps: seconds and microseconds as a string. They are ids, so two are never equal and a
 * later one is never smaller, whatever the clock does.
 */
export class Timestamps {
  #lastMicros: number;
  readonly #now: () => number;

  constructor(now: () => number, last = '0.0') {
    this.#now = now;
    const [seconds = '0', micros = '0'] = last.split('.');
    this.#lastMicros = Number(seconds) * 1e6 + Number(micros);
  }

  next(): string {
    this.#lastMicros = Math.max(this.#now() * 1000, this.#lastMicros + 1);
    const seconds = Math.floor(this.#lastMicros / 1e6);
    return `${seconds}.${String(Math.floor(this.#lastMicros % 1e6)).padStart(6, '0')}`;
  }
}

/** Orders timestamps; string comparison would break at a new digit. */
export function compareTs(left: string, right: string): number {
  const [leftSeconds = '0', leftMicros = '0'] = left.split('.');
  const [rightSeconds = '0', rightMicros = '0'] = right.split('.');
  return Number(leftSeconds) - Number(rightSeconds) || Number(leftMicros) - Number(rightMicros);
}

import { inspect } from 'node:util';

const SHOWN = '[secret]';

/**
 * A value that never prints: not in logs, not in JSON, not in a template string, not in a debugger's inspect.
 * Whoever needs it says so with `reveal()`, which a search finds.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

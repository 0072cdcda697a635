/** So many calls in any sixty seconds, by key. */
export class SlidingMinute {
  readonly #calls = new Map<string, number[]>();
  readonly #most: number;
  readonly #now: () => number;

  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /** Undefined when the call is within the limit, and then it counts; else in how many seconds one will be. */
  take(key: string): number | undefined {
    const since = this.#now() - 60_000;
    const recent = (this.#calls.get(key) ?? []).filter((at) => at > since);
    const [oldest] = recent;
    if (recent.length >= this.#most && oldest !== undefined) {
      this.#calls.set(key, recent);
      return Math.max(1, Math.ceil((oldest - since) / 1000));
    }
    this.#calls.set(key, [...recent, this.#now()]);
    return undefined;
  }
}

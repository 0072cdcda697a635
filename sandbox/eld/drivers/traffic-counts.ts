/** Counts over the last seconds, and how long nothing was acknowledged. Times by the monotonic clock. */
export type TrafficCounts = {
  acknowledged(region: string): void;
  failed(region: string): void;
  view(): TrafficCountsView;
  /** Starts measuring the longest pause anew. */
  resetPause(): void;
};

export type TrafficCountsView = {
  readonly windowMs: number;
  readonly byRegion: readonly { region: string; acknowledged: number; failed: number }[];
  readonly perSecond: number;
  /** Since the last acknowledged write. */
  readonly pausedMs: number;
  /** The longest time between two acknowledged writes since `resetPause`, the present one included. */
  readonly longestPauseMs: number;
};

const WINDOW_SECONDS = 10;
const RATE_SECONDS = 3;
type Second = { readonly second: number; readonly regions: Map<string, { acknowledged: number; failed: number }> };

export function createTrafficCounts(monotonicMs: () => number): TrafficCounts {
  let seconds: Second[] = [];
  let lastAt = monotonicMs();
  let longest = 0;
  const nowSecond = () => Math.floor(monotonicMs() / 1000);

  function counter(region: string) {
    const second = nowSecond();
    let last = seconds.at(-1);
    if (last?.second !== second) {
      last = { second, regions: new Map() };
      seconds = [...seconds.filter((old) => old.second > second - WINDOW_SECONDS - 1), last];
    }
    const counts = last.regions.get(region) ?? { acknowledged: 0, failed: 0 };
    last.regions.set(region, counts);
    return counts;
  }
  return {
    acknowledged(region) {
      counter(region).acknowledged += 1;
      const now = monotonicMs();
      longest = Math.max(longest, now - lastAt);
      lastAt = now;
    },
    failed(region) {
      counter(region).failed += 1;
    },
    view() {
      const second = nowSecond();
      const sums = new Map<string, { region: string; acknowledged: number; failed: number }>();
      let recent = 0;
      for (const one of seconds) {
        if (one.second <= second - WINDOW_SECONDS) continue;
        for (const [region, counts] of one.regions) {
          const sum = sums.get(region) ?? { region, acknowledged: 0, failed: 0 };
          sum.acknowledged += counts.acknowledged;
          sum.failed += counts.failed;
          sums.set(region, sum);
          // whole seconds only: the present one has just begun
          if (one.second < second && one.second >= second - RATE_SECONDS) recent += counts.acknowledged;
        }
      }
      const pausedMs = Math.round(monotonicMs() - lastAt);
      return {
        windowMs: WINDOW_SECONDS * 1000,
        byRegion: [...sums.values()].sort((a, b) => (a.region < b.region ? -1 : 1)),
        perSecond: Math.round(recent / RATE_SECONDS),
        pausedMs,
        longestPauseMs: Math.max(pausedMs, Math.round(longest)),
      };
    },
    resetPause() {
      longest = 0;
    },
  };
}

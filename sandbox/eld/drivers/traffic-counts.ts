/** Counts over the last seconds, and how long nothing was acknowledged. Times by the monotonic clock. */
export type TrafficCounts = {
  /** `tookMs`: from the asking to the answer. */
  acknowledged(region: string, tookMs: number): void;
  failed(region: string): void;
  view(): TrafficCountsView;
  /** Starts measuring the longest pause anew. */
  resetPause(): void;
};

export type TrafficCountsView = {
  readonly windowMs: number;
  readonly byRegion: readonly { region: string; acknowledged: number; failed: number; p95Ms?: number }[];
  readonly perSecond: number;
  /** Since the last acknowledged write. */
  readonly pausedMs: number;
  /** The longest time between two acknowledged writes since `resetPause`, the present one included. */
  readonly longestPauseMs: number;
};

const WINDOW_SECONDS = 10;
const RATE_SECONDS = 3;
type Counts = { acknowledged: number; failed: number; readonly took: number[] };
type Second = { readonly second: number; readonly regions: Map<string, Counts> };

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
    const counts = last.regions.get(region) ?? { acknowledged: 0, failed: 0, took: [] };
    last.regions.set(region, counts);
    return counts;
  }
  return {
    acknowledged(region, tookMs) {
      const counts = counter(region);
      counts.acknowledged += 1;
      counts.took.push(tookMs);
      const now = monotonicMs();
      longest = Math.max(longest, now - lastAt);
      lastAt = now;
    },
    failed(region) {
      counter(region).failed += 1;
    },
    view() {
      const second = nowSecond();
      const sums = new Map<string, Counts & { region: string }>();
      let recent = 0;
      for (const one of seconds) {
        if (one.second <= second - WINDOW_SECONDS) continue;
        for (const [region, counts] of one.regions) {
          const sum = sums.get(region) ?? { region, acknowledged: 0, failed: 0, took: [] };
          sum.acknowledged += counts.acknowledged;
          sum.failed += counts.failed;
          sum.took.push(...counts.took);
          sums.set(region, sum);
          // whole seconds only: the present one has just begun
          if (one.second < second && one.second >= second - RATE_SECONDS) recent += counts.acknowledged;
        }
      }
      const pausedMs = Math.round(monotonicMs() - lastAt);
      return {
        windowMs: WINDOW_SECONDS * 1000,
        byRegion: [...sums.values()]
          .map(({ took, ...counts }) => ({ ...counts, ...p95Of(took) }))
          .sort((a, b) => (a.region < b.region ? -1 : 1)),
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

/** The time within which 95 % were answered; nothing when there was none. */
function p95Of(took: readonly number[]): { p95Ms?: number } {
  const sorted = [...took].sort((a, b) => a - b);
  const at = sorted[Math.ceil(sorted.length * 0.95) - 1];
  return at === undefined ? {} : { p95Ms: Math.round(at) };
}

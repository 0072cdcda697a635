import type { Clock } from '#core';
import { HISTORY_DAYS, type History, type HistoryStep, type Sample } from '#ports';

/** A history in this process. What is too old is dropped with each addition. */
export function memoryHistory(clock: Clock): History {
  let kept: Sample[] = [];
  return {
    add: async (added) => {
      const oldest = clock.now().getTime() - HISTORY_DAYS * 86_400_000;
      kept = [...kept, ...added].filter(({ at }) => at.getTime() >= oldest);
    },
    read: async ({ series, since, until, stepMs }) => {
      const own = kept.filter((sample) => sample.series === series && sample.at >= since && sample.at < until);
      const steps = Map.groupBy(own, ({ at }) => Math.floor((at.getTime() - since.getTime()) / stepMs));
      return [...steps]
        .sort(([a], [b]) => a - b)
        .map(([step, samples]): HistoryStep => {
          const values = samples.map(({ value }) => value);
          return {
            from: new Date(since.getTime() + step * stepMs),
            lowest: Math.min(...values),
            mean: values.reduce((sum, value) => sum + value, 0) / values.length,
            samples: values.length,
          };
        });
    },
  };
}

import type { Sample } from '#ports';
import type { Judgement } from './judge/judge.ts';

export const OVERALL = 'overall';

/** Few where nothing changes, and every change is among them; in each five minutes of a chart is at least one. */
const EVERY_MS = 120_000;
/** The whole is what people look at: finer. */
const OVERALL_EVERY_MS = 30_000;

/**
 * What of a judgement goes into the history: the whole, and each check in percent. Remembers what was written last, so that
 * a value that stays is written every few minutes only. One for a process.
 */
export function createSampling(): (judgement: Judgement) => Sample[] {
  const written = new Map<string, Sample>();
  return ({ at, overall, parts }) => {
    const now: Sample[] = [
      ...(overall === undefined ? [] : [{ series: OVERALL, at, value: overall }]),
      ...parts.flatMap(({ check, percent }) => (percent === undefined ? [] : [{ series: check, at, value: percent }])),
    ];
    const due = now.filter((sample) => {
      const last = written.get(sample.series);
      const everyMs = sample.series === OVERALL ? OVERALL_EVERY_MS : EVERY_MS;
      return !last || last.value !== sample.value || at.getTime() - last.at.getTime() >= everyMs;
    });
    for (const sample of due) written.set(sample.series, sample);
    return due;
  };
}

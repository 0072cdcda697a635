import { at, formatDuration, say, type Text } from '#core';
import type { HistoryStep } from '#ports';
import { NOTHING, sparkLine } from './spark-line.ts';

/** What a chart shows. */
interface Span {
  readonly since: Date;
  readonly until: Date;
  /** How many blocks it has. */
  readonly count: number;
}

/** Rounded down: what is not all well is never called 100 %. */
export const percent = (value: number): string => `${(Math.floor(value * 10) / 10).toFixed(1).replace(/\.0$/, '')} %`;

/**
 * A chart of a value in percent and what it says in words; no line is longer than 40 letters. `ends`: with the times at both
 * ends; `alone`: below another chart of the same time. Where nothing was seen it has dots, and the words say for how long.
 */
export function chartLine(steps: readonly HistoryStep[], span: Span, form: 'ends' | 'alone'): Text[] {
  const { since, until, count } = span;
  const stepMs = (until.getTime() - since.getTime()) / count;
  const blocks = sparkLine(steps, { since, stepMs, count });
  const lowest = Math.min(...steps.map((step) => step.lowest));
  const worst = steps.findLast((step) => step.lowest === lowest);
  const unseen = [...blocks].filter((block) => block === NOTHING).length;
  const gaps = unseen > 0 ? `${NOTHING} not seen for ${formatDuration(unseen * stepMs)}` : undefined;
  const low = say`lowest ${percent(lowest)}${lowest < 100 && worst ? say` after ${at(worst.from)}` : ''}`;
  const rest: Text[] = gaps === undefined ? [] : [[gaps]];
  if (form === 'ends') return [say`${at(since)} ${blocks} ${at(until)}`, low, ...rest];
  return lowest < 100 ? [[blocks], low, ...rest] : [say`${blocks} ${low}`, ...rest];
}

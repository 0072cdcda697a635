import type { HistoryStep } from '#ports';

/** Without the half and the full block, which some telephones set lower and wider than the others. */
const BLOCKS = ['\u2581', '\u2582', '\u2583', '\u2585', '\u2587'];
/** Where nothing was seen. */
export const NOTHING = '\u00b7';
/** Below this the lowest block stands: what people need to see is between there and 100 %. */
const FLOOR = 50;

/** Steps of a history as one character each, the lowest value of each step; a dot where there is none. Pure. */
export function sparkLine(
  steps: readonly HistoryStep[],
  span: { readonly since: Date; readonly stepMs: number; readonly count: number },
): string {
  const lowest = new Map(
    steps.map(({ from, lowest: value }) => [Math.round((from.getTime() - span.since.getTime()) / span.stepMs), value]),
  );
  return Array.from({ length: span.count }, (_, index) => {
    const value = lowest.get(index);
    if (value === undefined) return NOTHING;
    const share = Math.max(0, (value - FLOOR) / (100 - FLOOR));
    return BLOCKS[Math.floor(share * (BLOCKS.length - 1))] ?? NOTHING;
  }).join('');
}

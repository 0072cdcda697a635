import type { Region } from '#core';
import type { Unit } from './units.ts';

/** What all vantage points together make of a thing. */
export interface Agreed {
  /** `disputed`: too few of them see it failing, and others see it well. */
  readonly verdict: 'well' | 'failing' | 'unknown' | 'disputed';
  readonly failing: readonly Region[];
  readonly well: readonly Region[];
}

/**
 * As many as `seenBy` must see it failing; where fewer see anything at all, all of those. Who sees nothing has no voice. So
 * one detector that lost its network never outvotes another, and one that is alone still calls people. Pure.
 */
export function agree({ opinions }: Pick<Unit, 'opinions'>, seenBy: number): Agreed {
  const saying = (verdict: string): Region[] =>
    opinions.flatMap((opinion) => (opinion.verdict === verdict ? [opinion.from] : [])).sort();
  const [failing, well] = [saying('failing'), saying('well')];
  const verdict = (): Agreed['verdict'] => {
    if (failing.length === 0) return well.length > 0 ? 'well' : 'unknown';
    return failing.length >= Math.min(seenBy, failing.length + well.length) ? 'failing' : 'disputed';
  };
  return { verdict: verdict(), failing, well };
}

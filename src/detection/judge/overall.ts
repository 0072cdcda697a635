import { z } from 'zod';
import { CheckName, type Detection } from '#plan';
import type { Agreed } from './agree.ts';
import type { Unit } from './units.ts';

/** What one check contributes. */
export const HealthPart = z.object({
  check: CheckName,
  critical: z.boolean(),
  weight: z.number(),
  /** Of what of it can be seen, how much is well, in percent; undefined: nothing of it can be seen. */
  percent: z.number().optional(),
  well: z.number().int(),
  failing: z.number().int(),
  unseen: z.number().int(),
});
export type HealthPart = z.output<typeof HealthPart>;

/** A failing critical check costs twice what another does. */
const WEIGHT = { critical: 2, other: 1 } as const;

/** A thing that counts, and what the vantage points make of it. */
export interface Counted {
  readonly unit: Unit;
  readonly agreed: Agreed;
  /** People work on it: it counts neither way. */
  readonly silenced: boolean;
}

/**
 * The health of the whole, in percent: the mean of the checks, critical ones counted twice. A check is the share of its things
 * (in each region, and those that belong to none) that are well. What can't be seen, what vantage points disagree about
 * and what is in maintenance is left out, above and below the line. Undefined: nothing can be seen. Pure.
 *
 * health = sum(weight * well / (well + failing)) / sum(weight) * 100, over the checks with well + failing > 0
 */
export function overallOf(
  counted: readonly Counted[],
  { checks }: Pick<Detection, 'checks'>,
): { readonly percent: number | undefined; readonly parts: readonly HealthPart[] } {
  const parts = checks.map(({ name, critical }): HealthPart => {
    const own = counted.filter(({ unit, silenced }) => unit.check === name && !silenced);
    const count = (verdict: Agreed['verdict']) => own.filter(({ agreed }) => agreed.verdict === verdict).length;
    const [well, failing] = [count('well'), count('failing')];
    const seen = well + failing;
    return {
      check: name,
      critical,
      weight: critical ? WEIGHT.critical : WEIGHT.other,
      ...(seen > 0 ? { percent: (well / seen) * 100 } : {}),
      well,
      failing,
      unseen: own.length - seen,
    };
  });
  const known = parts.flatMap(({ weight, percent }) => (percent === undefined ? [] : [{ weight, percent }]));
  const weights = known.reduce((sum, { weight }) => sum + weight, 0);
  const percent =
    weights === 0 ? undefined : known.reduce((sum, part) => sum + part.weight * part.percent, 0) / weights;
  return { percent, parts };
}

import { at, formatDuration, type Region, say } from '#core';
import type { Plan } from '#plan';
import { type Case, earliest, forDetectors } from './case.ts';
import type { Counted } from './overall.ts';
import type { Vantage } from './vantage.ts';

export const blindKey = (region: Region): string => `detectors/${region}`;

/** About those who look: who is blind, and who sees failing what others see well. */
export function detectorCases(points: readonly Vantage[], counted: readonly Counted[], now: Date, plan: Plan): Case[] {
  return points.flatMap((point) => [blindCase(point, points, now, plan), aloneCase(point, counted, now, plan)]);
}

const common = ({ region }: Vantage, plan: Plan) => {
  const { severity, role } = forDetectors(plan);
  return { check: 'detectors' as const, region, severity, role, critical: false };
};

function blindCase(point: Vantage, points: readonly Vantage[], now: Date, plan: Plan): Case {
  const isBlind = point.state === 'blind';
  const left = points.flatMap(({ region, state }) => (state === 'seeing' ? [region] : []));
  const silentMs = now.getTime() - point.at.getTime();
  return {
    ...common(point, plan),
    key: blindKey(point.region),
    raw: isBlind ? 'failing' : point.state === 'seeing' ? 'well' : undefined,
    since: isBlind ? point.at : undefined,
    seenBy: isBlind ? left : [],
    words: isBlind
      ? {
          title: `${point.region} detector is silent`,
          cause: say`Its last report is of ${at(point.at)}, ${formatDuration(silentMs)} ago.`,
          effect: [
            `The system is seen from ${left.join(', ') || 'nowhere'} only: ${left.length < plan.detection.seenBy ? `a region counts as dead from ${plan.detection.seenBy} on, so none can` : 'one more may go silent'}.`,
          ],
          next: 'node src/main.ts detector',
          hostile: false,
          numbers: { silentMs, left: left.length },
        }
      : undefined,
  };
}

/** How long two vantage points may differ before people hear of it: their rounds are not in step. */
export const differMs = ({ thresholds, detection }: Plan): number =>
  thresholds.consecutiveFailures * detection.intervalSeconds * 1_000;

/**
 * Since when they differ as they do: the last of them to change their mind. Who is the last to see it fail, or to see it well
 * again, is not alone for as long as it failed.
 */
function disputedSince({ opinions }: Counted['unit'], region: Region): Date | undefined {
  const differ = opinions.flatMap(({ from, stands }) =>
    stands.filter(({ verdict }) => verdict === (from === region ? 'failing' : 'well')),
  );
  return differ.map(({ since }) => since).sort((a, b) => b.getTime() - a.getTime())[0];
}

function aloneCase(point: Vantage, counted: readonly Counted[], now: Date, plan: Plan): Case {
  const { region } = point;
  const alone = counted.filter(
    ({ agreed, silenced }) => agreed.verdict === 'disputed' && agreed.failing.includes(region) && !silenced,
  );
  const since = earliest(alone.map(({ unit }) => disputedSince(unit, region)));
  const lasts = since !== undefined && now.getTime() - since.getTime() >= differMs(plan);
  const others = [...new Set(alone.flatMap(({ agreed }) => agreed.well))].sort();
  return {
    ...common(point, plan),
    key: `${blindKey(region)}/alone`,
    raw: lasts ? 'failing' : point.state === 'seeing' && alone.length === 0 ? 'well' : undefined,
    since: lasts ? since : undefined,
    seenBy: lasts ? [region] : [],
    words: lasts
      ? {
          title: `${region} sees failing what others see well`,
          cause: [
            `From ${region} these fail: ${alone.map(({ unit }) => unit.key).join(', ')}. From ${others.join(', ')} they are well.`,
          ],
          effect: [`Either ${region} is cut off from them, or they serve only some. No region counts as dead by that.`],
          next: `/dr health --region ${region}`,
          hostile: false,
          numbers: { things: alone.length },
        }
      : undefined,
  };
}

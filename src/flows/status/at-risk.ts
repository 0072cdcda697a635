import { rpoNow } from '#capture';
import { at, formatDuration, type Text } from '#core';
import { type Plan, regionsOf } from '#plan';
import type { Surroundings } from './look-around.ts';
import { lagIn, servedFrom } from './serving.ts';

/** What would be lost now: measured from a write to its place in the buckets, where the plan has everything captured. */
export function atRisk(seen: Surroundings, plan: Plan): Text[] {
  const target = `(target ${plan.objectives.rpoMinutes} min)`;
  if (!plan.mongodb.continuous.enabled || !seen.rpo.known || !seen.rpo.value) return byReplication(seen, plan, target);
  const measured = rpoNow(seen.rpo.value, seen.store.known ? seen.store.value : seen.at);
  if (!measured) return byReplication(seen, plan, target);
  if (measured.measured) return [[`At risk    ${formatDuration(measured.ms)} of writes now ${target}`]];
  return [['At risk    not measured since ', at(measured.since), `: ${measured.why} ${target}`]];
}

/** What the loss of the serving region would lose: how far the best member elsewhere is behind. */
function byReplication(seen: Surroundings, plan: Plan, target: string): Text[] {
  const serving = servedFrom(seen);
  const lags = regionsOf(plan).flatMap((region) => (serving.includes(region) ? [] : (lagIn(region, seen) ?? [])));
  if (serving.length !== 1 || lags.length === 0) return [];
  return [[`At risk    ${formatDuration(Math.min(...lags))} of writes not in another region ${target}`]];
}

import { DrError, Region } from '#core';
import type { Plan } from './plan.ts';
import type { RegionPlan } from './regions.ts';

/** The plan's regions in its order. */
export const regionsOf = (plan: Plan): Region[] => Object.keys(plan.regions).map((name) => Region.parse(name));

export const regionsWithRole = (plan: Plan, role: RegionPlan['role']): Region[] =>
  regionsOf(plan).filter((region) => plan.regions[region]?.role === role);

/** Where the service belongs when nothing is wrong. */
export function primaryRegion(plan: Plan): Region {
  const [primary] = regionsWithRole(plan, 'primary');
  if (primary === undefined) throw new DrError('UNEXPECTED', 'bug', 'A parsed plan has no primary region.');
  return primary;
}

/** The machine on which a cold region's database would be founded; undefined where the plan names none, and for any other region. */
export function databaseHostOf(plan: Plan, region: Region): string | undefined {
  const found = plan.regions[region];
  return found?.role === 'cold-standby' ? found.databaseHost : undefined;
}

/** The cold regions in which a database could be founded. */
export const buildableRegions = (plan: Plan): Region[] =>
  regionsOf(plan).filter((region) => databaseHostOf(plan, region) !== undefined);

/** The regions that can serve: primary and hot standbys. */
export const servingRegions = (plan: Plan): Region[] =>
  regionsOf(plan).filter((region) => plan.regions[region]?.role !== 'cold-standby');

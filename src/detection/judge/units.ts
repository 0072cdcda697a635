import type { Region } from '#core';
import type { CheckName } from '#plan';
import type { Report } from '../report.ts';
import type { Stand } from '../track.ts';

/** What one vantage point says of one thing. */
export interface Opinion {
  readonly from: Region;
  readonly verdict: 'well' | 'failing' | 'unknown';
  readonly stands: readonly Stand[];
}

/** One thing that has a verdict: a check in a region, or what speaks for itself. */
export interface Unit {
  readonly key: string;
  readonly check: CheckName;
  readonly region: Region | undefined;
  readonly speaksFor: Stand['speaksFor'];
  readonly opinions: readonly Opinion[];
}

/** `application_response/us-east-1`, `resource_availability/us-east-1/disk`, `external_dependencies/slack`. */
export const unitKey = ({ check, region, speaksFor, name }: Stand): string =>
  [check, ...(region ? [region] : []), ...(speaksFor === 'itself' ? [name] : [])].join('/');

/** Everything the reports speak of, each thing with what every vantage point says of it. */
export function unitsOf(reports: readonly Report[]): Unit[] {
  const units = new Map<string, { stand: Stand; opinions: Opinion[] }>();
  for (const { id, stands } of reports) {
    for (const [key, own] of Map.groupBy(stands, unitKey)) {
      const [stand] = own;
      if (!stand) continue;
      const unit = units.get(key) ?? { stand, opinions: [] };
      unit.opinions.push({ from: id, verdict: together(own), stands: own });
      units.set(key, unit);
    }
  }
  return [...units].map(([key, { stand, opinions }]) => ({
    key,
    check: stand.check,
    region: stand.region,
    speaksFor: stand.speaksFor,
    opinions,
  }));
}

/** One that fails is enough to fail; that one can't be seen takes nothing from what the others show. */
function together(stands: readonly Stand[]): Opinion['verdict'] {
  if (stands.some(({ verdict }) => verdict === 'failing')) return 'failing';
  return stands.some(({ verdict }) => verdict === 'well') ? 'well' : 'unknown';
}

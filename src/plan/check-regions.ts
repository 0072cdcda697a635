import { closest } from '#core';
import type { Finding } from './finding.ts';
import { quote } from './finding.ts';
import { meantRegion } from './region-names.ts';
import type { PlanSections } from './sections.ts';

/** Regions that look misspelled, and what must exist in which of them. */
export function checkRegions({ regions, mongodb, service, objectives, failover }: PlanSections): Finding[] {
  if (!regions) return [];
  const names = Object.keys(regions);
  const serving = Object.entries(regions).flatMap(([name, { role }]) => (role === 'cold-standby' ? [] : [name]));
  const needsBuckets = (path: readonly PropertyKey[], buckets: object | undefined, wanted: string[]): Finding[] => {
    const given = Object.keys(buckets ?? {});
    // A misspelled region is told by its own mistake; telling that it is missing too would send people looking twice.
    const told = new Set(given.map((name) => (names.includes(name) ? name : closest(name, names))));
    const lacking = buckets === undefined ? [] : wanted.filter((name) => !told.has(name));
    return lacking.map((name) => ({ path, at: 'value', sentence: `has no bucket for ${name}.` }));
  };
  return [
    ...names.flatMap(misspelled),
    ...needsBuckets(['mongodb', 'vaultBuckets'], mongodb?.vaultBuckets, names),
    ...needsBuckets(['service', 'filesBuckets'], service?.filesBuckets, serving),
    ...Object.entries(service?.dns.switch ?? {}).flatMap(([name, { region }]): Finding[] => {
      if (region !== name) return [];
      const sentence = `is ${name} itself: lost with it, nobody could throw it.`;
      return [{ path: ['service', 'dns', 'switch', name, 'region'], at: 'value', sentence }];
    }),
    ...Object.entries(regions).flatMap(([name, region]): Finding[] => {
      if (region.role === 'primary' || !objectives) return [];
      const [limit, word] =
        region.role === 'hot-standby'
          ? [objectives.failoverMinutes, 'objectives.failover_minutes']
          : [objectives.rtoMinutes, 'objectives.rto_minutes'];
      if (region.failoverMinutes <= limit) return [];
      const sentence = `${region.failoverMinutes} is more than ${word} (${limit}).`;
      return [{ path: ['regions', name, 'failoverMinutes'], at: 'value', sentence }];
    }),
    ...(['planned', 'unplanned'] as const).flatMap((kind): Finding[] => {
      const limit = failover?.[kind].durationLimitMinutes;
      if (limit === undefined || !objectives || limit <= objectives.failoverMinutes) return [];
      const sentence = `${limit} is more than objectives.failover_minutes (${objectives.failoverMinutes}).`;
      return [{ path: ['failover', kind, 'durationLimitMinutes'], at: 'value', sentence }];
    }),
  ];
}

function misspelled(name: string): Finding[] {
  const meant = meantRegion(name);
  if (meant === undefined) return [];
  return [{ path: ['regions', name], at: 'key', sentence: `${quote(name)} is not a region. Did you mean ${meant}?` }];
}

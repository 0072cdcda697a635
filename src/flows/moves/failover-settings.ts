import { FailoverSettings, type RegionSettings } from '#failover';
import { type Plan, type RegionPlan, regionsOf } from '#plan';

/** What plan.yaml says about moving between regions, as the failover room takes it. */
export function failoverSettings(plan: Plan): FailoverSettings {
  const { regions, service, failover } = plan;
  const seconds = (value: number): number => value * 1000;
  const minutes = (value: number): number => value * 60_000;
  return FailoverSettings.parse({
    regions: regionsOf(plan).map((region) => ({
      region,
      role: regions[region]?.role,
      ...(service.filesBuckets[region] ? { filesBucket: service.filesBuckets[region] } : {}),
      ...coldOf(regions[region], minutes),
    })),
    rpoMs: minutes(plan.objectives.rpoMinutes),
    service: {
      name: service.kubernetes.deployment,
      dnsName: service.dns.name,
      replicas: service.kubernetes.replicas,
      configurationKeys: service.kubernetes.configMap.keys,
      testWrites: service.verification.testWrites,
      caches: (service.caches ?? []).map(({ name, onRegionLoss }) => ({
        name,
        onRegionLoss: onRegionLoss === 'promote' ? 'promote' : 'startEmpty',
      })),
    },
    planned: {
      pauseMs: seconds(failover.planned.pauseLimitSeconds),
      durationMs: minutes(failover.planned.durationLimitMinutes),
    },
    unplanned: {
      pauseMs: seconds(failover.unplanned.pauseLimitSeconds),
      durationMs: minutes(failover.unplanned.durationLimitMinutes),
      lossMs: seconds(failover.unplanned.lossLimitSeconds),
    },
    ...(failover.regionLeases ? { leaseMs: seconds(failover.regionLeases.ttlSeconds) } : {}),
    failback: {
      pauseMs: seconds(failover.failback.pauseLimitSeconds),
      durationMs: minutes(failover.failback.durationLimitMinutes),
      trafficPercent: failover.failback.trafficPercent,
    },
    failedShareLimit: failover.failback.budget.errorPercent / 100,
    p95LimitMs: failover.failback.budget.p95Ms,
    lagLimitMs: seconds(failover.replicationLagLimitSeconds),
  });
}

const coldOf = (region: RegionPlan | undefined, minutes: (value: number) => number): Partial<RegionSettings> =>
  region?.role === 'cold-standby'
    ? {
        coldWithinMs: minutes(region.failoverMinutes),
        ...(region.databaseHost === undefined ? {} : { databaseHost: region.databaseHost }),
      }
    : {};

import { Region } from '#core';
import { FailoverSettings } from '#failover';

export const EAST = Region.parse('us-east-1');
export const WEST = Region.parse('us-west-2');
export const EU = Region.parse('eu-west-1');

/** The sandbox's plan as the failover room sees it, with waits that fit a test. */
export const testSettings = (change: Partial<FailoverSettings> = {}): FailoverSettings => ({
  ...FailoverSettings.parse({
    regions: [
      { region: EAST, role: 'primary', filesBucket: 'eld-files-us-east-1' },
      { region: WEST, role: 'hot-standby', filesBucket: 'eld-files-us-west-2' },
      { region: EU, role: 'cold-standby' },
    ],
    service: {
      name: 'eld-api',
      dnsName: 'eld.example',
      replicas: { active: 3, standby: 2 },
      configurationKeys: { activeRegion: 'active-region', filesBucket: 'files-bucket' },
      testWrites: 20,
    },
    planned: { pauseMs: 10_000, durationMs: 900_000 },
    unplanned: { pauseMs: 900_000, durationMs: 900_000, lossMs: 30_000 },
    failback: { pauseMs: 10_000, durationMs: 900_000, trafficPercent: [5, 25, 50, 100] },
    lagLimitMs: 10_000,
    trafficMovedWithinMs: 20_000,
    servicesReadyWithinMs: 30_000,
    lateOrdersMs: 0,
    saveTailWithinMs: 300,
    askWithinMs: 300,
  }),
  ...change,
});

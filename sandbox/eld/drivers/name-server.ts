import { ListResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { openRoute53 } from '../dns-records.ts';
import type { DriversSettings } from './settings.ts';

/** What the name servers know of one region. */
export type Answer = {
  readonly region: string;
  readonly port: number;
  readonly weight: number;
  readonly ttlMs: number;
  /** A record without a health check always counts as healthy. */
  readonly checked: boolean;
};

export type NameServer = {
  /** The present records. The last known ones while the API does not answer: name servers go on without it. */
  records(): Promise<readonly Answer[]>;
  close(): void;
};

const CACHE_MS = 500;

/** Plays the name servers: answers from the weighted records that stand in Route 53 now. */
export function openNameServer({ route53, zoneId, name }: DriversSettings): NameServer {
  const client = openRoute53(route53);
  let known: readonly Answer[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const read = async () => {
    const list = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 100 });
    const { ResourceRecordSets = [] } = await client.send(list);
    known = ResourceRecordSets.filter((set) => set.Name === `${name}.` && set.Type === 'SRV').flatMap(toAnswer);
    readAt = performance.now();
  };
  return {
    async records() {
      if (performance.now() - readAt > CACHE_MS) {
        reading ??= read()
          .catch(() => undefined)
          .finally(() => {
            reading = undefined;
          });
        await reading;
      }
      return known;
    },
    close: () => client.destroy(),
  };
}

function toAnswer(set: ResourceRecordSet): Answer[] {
  const port = Number(set.ResourceRecords?.[0]?.Value?.split(' ')[2]);
  if (set.SetIdentifier === undefined || !Number.isInteger(port)) return [];
  const checked = set.HealthCheckId !== undefined && set.HealthCheckId !== '';
  return [{ region: set.SetIdentifier, port, weight: set.Weight ?? 0, ttlMs: (set.TTL ?? 60) * 1000, checked }];
}

/**
 * One answer, by weight, as Route 53 gives it: of the healthy records with a weight; when there are none, of the healthy
 * ones without a weight; when none at all is healthy, as if all were.
 * @param roll in [0, 1)
 */
export function chooseAnswer(
  records: readonly Answer[],
  isHealthy: (region: string) => boolean,
  roll: number,
): Answer | undefined {
  const healthy = records.filter((record) => !record.checked || isHealthy(record.region));
  const weighted = (list: readonly Answer[]) => list.filter(({ weight }) => weight > 0);
  const candidates = [weighted(healthy), healthy, weighted(records), records].find((list) => list.length > 0) ?? [];
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return candidates[Math.floor(roll * candidates.length)];
  let left = roll * total;
  return candidates.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
}

import {
  type HealthCheckConfig,
  ListHealthChecksCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { openRoute53 } from '../dns-records.ts';
import type { DriversSettings } from './settings.ts';

/** What the name servers know of one region. */
export type Answer = {
  readonly region: string;
  readonly port: number;
  readonly weight: number;
  readonly ttlMs: number;
  /** A record without a health check always counts as healthy. */
  readonly check: string | undefined;
};

export type NameServer = {
  /** The present records. The last known ones while the API does not answer: name servers go on without it. */
  records(): Promise<readonly Answer[]>;
  /** All health checks, by id; these too as they were last known. */
  healthChecks(): Promise<ReadonlyMap<string, HealthCheckConfig>>;
  close(): void;
};

const CACHE_MS = 500;

/** Plays the name servers: answers from the weighted records that stand in Route 53 now. */
export function openNameServer({ route53, zoneId, name }: DriversSettings): NameServer {
  const client = openRoute53(route53);
  const records = remembered<readonly Answer[]>([], async () => {
    const list = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 100 });
    const { ResourceRecordSets = [] } = await client.send(list);
    return ResourceRecordSets.filter((set) => set.Name === `${name}.` && set.Type === 'SRV').flatMap(toAnswer);
  });
  const healthChecks = remembered<ReadonlyMap<string, HealthCheckConfig>>(new Map(), async () => {
    const { HealthChecks = [] } = await client.send(new ListHealthChecksCommand({ MaxItems: 100 }));
    return new Map(
      HealthChecks.flatMap(({ Id, HealthCheckConfig: config }) =>
        Id === undefined || config === undefined ? [] : [[Id, config] as const],
      ),
    );
  });
  return { records, healthChecks, close: () => client.destroy() };
}

/** Reads again when it is asked and what it has is old; goes on with that when reading fails. */
function remembered<T>(first: T, read: () => Promise<T>): () => Promise<T> {
  let known = first;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const renew = async () => {
    known = await read();
    readAt = performance.now();
  };
  return async () => {
    if (performance.now() - readAt > CACHE_MS) {
      reading ??= renew()
        .catch(() => undefined)
        .finally(() => {
          reading = undefined;
        });
      await reading;
    }
    return known;
  };
}

function toAnswer(set: ResourceRecordSet): Answer[] {
  const port = Number(set.ResourceRecords?.[0]?.Value?.split(' ')[2]);
  if (set.SetIdentifier === undefined || !Number.isInteger(port)) return [];
  const check = set.HealthCheckId || undefined;
  return [{ region: set.SetIdentifier, port, weight: set.Weight ?? 0, ttlMs: (set.TTL ?? 60) * 1000, check }];
}

/**
 * One answer, by weight, as Route 53 gives it: of the healthy records with a weight; when there are none, of the healthy
 * ones without a weight; when none at all is healthy, as if all were.
 * @param roll in [0, 1)
 */
export function chooseAnswer(
  records: readonly Answer[],
  isHealthy: (check: string) => boolean,
  roll: number,
): Answer | undefined {
  const healthy = records.filter(({ check }) => check === undefined || isHealthy(check));
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

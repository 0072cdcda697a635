import { fetch } from 'undici';
import { kubernetesClusters } from '#adapters/kubernetes';
import { memoryControlStore, memoryLeases, memoryRegionLeases } from '#adapters/memory';
import { openReplicaSet, openWrittenRecords } from '#adapters/mongodb';
import { route53Dns } from '#adapters/route53';
import { httpTraffic } from '#adapters/traffic';
import { type RequestId, systemClock } from '#core';
import {
  type FailoverSettings,
  type FailoverWorld,
  type MoveReceipt,
  openGivenUpRegions,
  openLeftovers,
  openWriteBlocks,
} from '#failover';
import { createFence } from '#fence';
import { SANDBOX_CREDENTIALS, until } from '#sandbox/servers';
import { ask, NAME, Stats, startCompany } from '../sandbox/eld/company.ts';
import { moveBench } from './run-move.ts';
import { EAST, testSettings, WEST } from './settings.ts';

/** The protected system on real servers, with drivers driving, and Holdfast's adapters on all of it. */
export async function realWorld(prefix: string, change: Partial<FailoverSettings> = {}) {
  const company = await startCompany(prefix);
  const store = memoryControlStore(systemClock);
  const leases = memoryLeases(systemClock);
  const replicaSet = openReplicaSet({ uri: company.set.uri('holdfast') });
  const written = openWrittenRecords({
    uri: company.set.uri('holdfast'),
    database: 'eld',
    collection: 'driver_logs',
  });
  const dns = route53Dns({
    zone: 'eld.example',
    record: NAME,
    endpoint: company.moto.endpoint,
    credentials: SANDBOX_CREDENTIALS,
  });
  const clusters = kubernetesClusters({
    kubeconfig: company.eld.kubeconfig,
    namespace: 'eld',
    deployment: 'eld-api',
    configMap: 'eld-config',
  });
  const { statsUrl, acknowledgedWritesUrl } = company.eld.drivers;
  const receipts = new Map<RequestId, MoveReceipt>();
  const world: FailoverWorld = {
    settings: testSettings({
      // Two instances a region are enough for the thirty writes a second here.
      service: { ...testSettings().service, replicas: { active: 3, standby: 2 } },
      trafficMovedWithinMs: 60_000,
      ...change,
    }),
    replicaSet,
    written,
    dns,
    clusters,
    traffic: httpTraffic({ statsUrl, acknowledgedWritesUrl, serviceUrl: (region) => dns.serviceUrl(region) }),
    writeBlocks: openWriteBlocks(store),
    store,
    leases,
    fence: createFence({
      ...{ leases: memoryRegionLeases(6_000), regions: [EAST, WEST], marginMs: 2_000, clock: systemClock },
    }),
    givenUp: openGivenUpRegions(store),
    leftovers: openLeftovers(store),
    newestVerifiedBackup: async () => ({ id: 'B-1123-0800', at: new Date('2026-11-23T08:00:00Z') }),
    proveKeys: async () => undefined,
    tellStakeholders: async (run, receipt) => {
      if (!receipts.has(run)) receipts.set(run, receipt);
    },
  };
  const stats = () => ask(statsUrl, Stats);
  return {
    company,
    world,
    store,
    leases,
    receipts,
    bench: moveBench(world, store, leases),
    stats,
    /** Waits until drivers had so many more writes acknowledged. */
    flowing: async (more: number) => {
      const { acknowledged } = await stats();
      await until(`${more} more writes`, async () => (await stats()).acknowledged >= acknowledged + more);
    },
    resetPause: () => fetch(`${company.eld.drivers.url}/stats/reset`, { method: 'POST' }),
    stop: async () => {
      await company.stop();
      await Promise.all([replicaSet.close(), written.close()]);
      dns.close();
    },
  };
}
export type RealWorld = Awaited<ReturnType<typeof realWorld>>;

/** Watches every member all the time; counts moments in which two of them would take an application's write. */
export function watchForTwoPrimaries({ world }: Pick<RealWorld, 'world'>) {
  const ended = new AbortController();
  const twice: string[] = [];
  let looks = 0;
  const watching = (async () => {
    while (!ended.signal.aborted) {
      const view = await world.replicaSet.look().catch(() => undefined);
      looks += view ? 1 : 0;
      const writable = view?.members.filter((member) => member.writable).map(({ host }) => host) ?? [];
      if (writable.length > 1) twice.push(writable.join(' and '));
      await systemClock.sleep(20);
    }
  })();
  return {
    end: async () => {
      ended.abort();
      await watching;
      return { looks, twice };
    },
  };
}

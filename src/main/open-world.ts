import { kubernetesClusters } from '#adapters/kubernetes';
import {
  describeSet,
  memberUri,
  openOplogSource,
  openReplicaSet,
  openRestoreTarget,
  openSnapshotSource,
  openWrittenRecords,
} from '#adapters/mongodb';
import { openRecoveryServers } from '#adapters/recovery-mongod';
import { httpTraffic } from '#adapters/traffic';
import { type ConfigWith, searchPath } from '#config';
import { asDrError, type Clock, DrError, type RandomBytes, type Region, type Sha256 } from '#core';
import {
  type FailoverWorld,
  holdWrites,
  liftWrites,
  openGivenUpRegions,
  openLeftovers,
  openWriteBlocks,
  type RebuildWorld,
} from '#failover';
import type { WatchingFence } from '#fence';
import { failoverSettings } from '#flows';
import type { LossWorld } from '#loss';
import type { Roster } from '#oncall';
import type { Plan } from '#plan';
import type { ControlStore, KeyService, Leases, RegionLeases, SetDescription } from '#ports';
import type { Timeline } from '#record';
import type { RestoreWorld } from '#restore';
import { type BackupWorld, pacedSource } from '#snapshot';
import { listBackups, openCatalog, openVault, proveKeyService } from '#vault';
import type { Closers } from './closers.ts';
import { memberHostsOf } from './member-hosts-of.ts';
import { openAws } from './open-aws.ts';
import { openCaches } from './open-caches.ts';
import { openFence } from './open-fence.ts';
import { openLoss } from './open-loss.ts';
import type { LostRegionParts } from './open-lost-region.ts';
import { openRebuild } from './open-rebuild.ts';
import { otherClusters } from './other-clusters.ts';
import { healthUrl, serviceAddress } from './service-address.ts';
import { stakeholderText } from './stakeholder-text.ts';
import { tellStakeholders } from './tell-stakeholders.ts';

/** What this process needs to act on the protected system. */
export type ActingConfig = ConfigWith<'mongodbUri' | 'kubeconfigPath'>;

export interface ActingParts {
  readonly plan: Plan;
  readonly planHash: Sha256;
  readonly roster: Roster;
  readonly store: ControlStore;
  readonly leases: Leases;
  readonly regionLeases: (ttlMs: number) => RegionLeases;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly closers: Closers;
  /** The cold region whose database it is opened on. */
  readonly coldServes?: Region | undefined;
}

/** Where the writes are that drivers are told of. */
const WRITTEN_TO = 'driver_logs';

export const acknowledgedIn = ({ mongodb }: Plan): { readonly database: string; readonly collection: string } => ({
  database: mongodb.databases[0] ?? '',
  collection: WRITTEN_TO,
});

/** Two renames a collection take milliseconds; past this any worker takes writes again. */
const SWAP_PAUSE = { pauseMs: 10_000, withinMs: 3_000 };

/** The protected system and the vault, through their ports. Nothing is asked of them yet. */
export function openActing(
  config: ActingConfig,
  parts: ActingParts,
): {
  move: FailoverWorld;
  backup: BackupWorld;
  restore: RestoreWorld;
  fence: WatchingFence;
  loss: LossWorld;
  rebuild: RebuildWorld;
  lostRegion: LostRegionParts;
} {
  const { plan, store, clock, random, closers } = parts;
  const uri = config.mongodbUri.reveal();
  const aws = openAws(plan, config, config.region, closers);
  const vault = openVault({ stores: aws.stores, keys: aws.keys, clock, random, catalog: openCatalog(store) });
  const { verification, kubernetes } = plan.service;
  const { database, collection } = acknowledgedIn(plan);
  const replicaSet = closers.keep(openReplicaSet({ uri }));
  const hosts = memberHostsOf(config, { clock, uriOf: (address) => memberUri(uri, address) });
  const fence = openFence({ ...parts, replicaSet, hosts, region: config.region });
  const move: FailoverWorld = {
    settings: { ...failoverSettings(plan), coldServes: parts.coldServes },
    replicaSet,
    written: closers.keep(openWrittenRecords({ uri, database, collection })),
    dns: aws.dns,
    dnsSwitch: aws.dnsSwitch,
    clusters: kubernetesClusters({
      kubeconfig: config.kubeconfigPath,
      namespace: kubernetes.namespace,
      deployment: kubernetes.deployment,
      configMap: kubernetes.configMap.name,
    }),
    traffic: httpTraffic({
      statsUrl: config.statsUrl ?? verification.statsUrl,
      acknowledgedWritesUrl: config.acknowledgedWritesUrl ?? verification.acknowledgedWritesUrl,
      serviceUrl: serviceAddress(aws.dns, (region) => healthUrl(config, plan, region)),
    }),
    writeBlocks: openWriteBlocks(store),
    store,
    leases: parts.leases,
    fence,
    givenUp: openGivenUpRegions(store),
    leftovers: openLeftovers(store),
    newestVerifiedBackup: async () => {
      const { backups } = await listBackups(vault, { limit: 50 });
      const verified = backups.find((backup) => backup.state === 'VERIFIED');
      if (verified?.state !== 'VERIFIED') return undefined;
      return { id: verified.header.backup, at: new Date(verified.header.window.end.seconds * 1000) };
    },
    proveKeys: (region) => proveKeys(aws.keys, region, random),
    tellStakeholders: (run, receipt) => tellStakeholders(run, stakeholderText(receipt, plan), parts),
  };
  const openSource: BackupWorld['openSource'] = async () => {
    const source = await openSnapshotSource({ uri, prefer: 'secondary' });
    const oplog = await openOplogSource({ uri, prefer: 'secondary' });
    const close = async (): Promise<void> => {
      await Promise.all([source.close(), oplog.close()]);
    };
    const limit = plan.mongodb.snapshots.readMbPerSecond;
    const paced = limit === undefined ? source : pacedSource(source, { bytesPerSecond: limit * 1e6, clock });
    return { source: paced, oplog, close };
  };
  const restore: RestoreWorld = {
    vault,
    openTarget: () => openRestoreTarget({ uri }),
    openCluster: otherClusters(plan).open,
    recovery: openRecoveryServers({
      folder: plan.mongodb.restore.scratch?.folder,
      program: config.mongodPath,
      searched: searchPath(),
      random,
      now: () => clock.now(),
    }),
    describeLive: () => describeLive(uri),
    liveName: plan.mongodb.replicaSet,
    openOplog: () => openOplogSource({ uri, prefer: 'secondary' }),
    holdWrites: async (run) => {
      await move.replicaSet.endTransactions(1_000);
      await holdWrites(move, run, SWAP_PAUSE);
    },
    reopenWrites: async (run) => Math.max(0, ...(await liftWrites(move, run)).map(({ ms }) => ms)),
  };
  const { loss, tail, losses } = openLoss({
    ...{ uri, plan, vault, store, timeline: parts.timeline, acknowledgedIn: `${database}.${collection}` },
    ...{ replicaSet: move.replicaSet, traffic: move.traffic, written: move.written },
  });
  const lostRegion = { tail, losses, dnsSwitch: aws.dnsSwitch, caches: openCaches(config, plan) };
  const rebuild = openRebuild(config, parts, move, loss, hosts);
  return { move, restore, fence, loss, lostRegion, rebuild, backup: { vault, planHash: parts.planHash, openSource } };
}

/** The set that is lost is why somebody restores to another: that it is silent is an answer. */
async function describeLive(uri: string): Promise<SetDescription | undefined> {
  try {
    return await describeSet({ uri, who: 'The protected set' });
  } catch (thrown) {
    if (asDrError(thrown).kind !== 'transient') throw thrown;
    return undefined;
  }
}

async function proveKeys(keys: readonly KeyService[], region: Region, random: RandomBytes): Promise<void> {
  const key = keys.find((each) => each.region === region);
  if (!key) throw new DrError('KEY_REFUSED', 'permanent', `The plan has no vault key in ${region}.`);
  await proveKeyService(key, random);
}

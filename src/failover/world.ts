import type { Region, RequestId } from '#core';
import type {
  Clusters,
  ControlStore,
  Dns,
  DnsSwitch,
  Fence,
  Leases,
  ReplicaSet,
  Traffic,
  WrittenRecords,
} from '#ports';
import type { GivenUpRegions } from './given-up.ts';
import type { Leftovers } from './leftovers.ts';
import type { MoveReceipt } from './receipt.ts';
import type { FailoverSettings } from './settings.ts';
import type { WriteBlocks } from './write-block.ts';

export interface VerifiedBackup {
  readonly id: string;
  readonly at: Date;
}

/** All that a move between regions touches or asks. */
export interface FailoverWorld {
  readonly settings: FailoverSettings;
  readonly replicaSet: ReplicaSet;
  readonly written: WrittenRecords;
  readonly dns: Dns;
  /** Undefined where the plan has none: nobody was ever turned away by it then. */
  readonly dnsSwitch?: DnsSwitch | undefined;
  readonly clusters: Clusters;
  readonly traffic: Traffic;
  readonly writeBlocks: WriteBlocks;
  /** Who may take writes. A planned move opens the target before drivers are sent there, and closes the other one last. */
  readonly fence: Fence;
  /** The control store's clock: deadlines of the write block are its times. */
  readonly store: Pick<ControlStore, 'now'>;
  readonly leases: Leases;
  readonly givenUp: GivenUpRegions;
  /** What waits for something lost to answer again. */
  readonly leftovers: Leftovers;
  newestVerifiedBackup(): Promise<VerifiedBackup | undefined>;
  /** Resolves when the region's key wraps and unwraps; throws KEY_REFUSED with what is wrong. */
  proveKeys(region: Region): Promise<void>;
  /** Tells stakeholders how the run ended. Must keep each run's message once, however often it is asked. */
  tellStakeholders(run: RequestId, receipt: MoveReceipt): Promise<void>;
}

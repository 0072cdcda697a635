import type { ApprovalRoster } from '#approvals';
import type { Clock, Region, Sha256 } from '#core';
import type { ApprovalPolicy, Plan } from '#plan';
import type { Clusters, ControlStore, Dns, DnsSwitch, Fence, MemberHosts, ReplicaSet } from '#ports';

/** What readiness looks at. Nothing of it is changed: scaling is a dry run, keys wrap and unwrap random bytes. */
export interface ReadinessWorld {
  readonly plan: Plan;
  readonly planHash: Sha256;
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly roster: ApprovalRoster;
  readonly replicaSet: Pick<ReplicaSet, 'look' | 'abilities'>;
  readonly clusters: Pick<Clusters, 'replicas' | 'rehearseScale' | 'configuration'>;
  readonly dns: Pick<Dns, 'weights'>;
  /** Undefined where the plan has none. */
  readonly dnsSwitch?: Pick<DnsSwitch, 'diverted'> | undefined;
  readonly fence: Pick<Fence, 'look'>;
  /** The database's machines, through their agents; undefined where this process knows none. */
  readonly machines: Pick<MemberHosts, 'look'> | undefined;
  proveKeys(region: Region): Promise<void>;
  newestVerifiedBackup(): Promise<{ readonly at: Date } | undefined>;
  /** What leaving a region that is lost needs besides. Throws REGION_NOT_READY (user), naming what is not there. */
  lostRegion(): unknown;
  /** Whose approval a planned and an unplanned failover need. */
  readonly policies: readonly { readonly what: string; readonly policy: ApprovalPolicy }[];
  /** A region that was given up and not rebuilt since. */
  isGivenUp(region: Region): Promise<boolean>;
  /** When people last moved the system, and when a restore was last proved. */
  lastMove(): Promise<Date | undefined>;
  lastProof(): Promise<Date | undefined>;
}

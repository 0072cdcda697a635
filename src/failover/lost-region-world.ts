import type { Region, RequestId, Text } from '#core';
import type { Caches, DnsSwitch, OpTime } from '#ports';
import type { LossCount } from './loss-count.ts';
import type { UnplannedReceipt } from './unplanned-receipt.ts';
import type { FailoverWorld } from './world.ts';

/** How far the vault can carry a survivor on. */
export interface TailView {
  /** The newest entry that is durable in the vault; undefined when the vault can't be read. */
  readonly reaches: OpTime | undefined;
  readonly reachesAt: Date | undefined;
  /** Entries newer than the survivor's newest one. */
  readonly entries: number;
  /** Why they can't be put back, as a clause; undefined when they can. */
  readonly refused: string | undefined;
}

export interface TailRecovered {
  /** Entries of the vault that the survivor did not have, and has now. */
  readonly applied: number;
  readonly reaches: OpTime;
  /** Entries that were left out, and why; they are in the loss receipt. */
  readonly leftOut: number;
}

/** What a survivor lacks and the vault has. */
export interface VaultTail {
  look(survivor: OpTime): Promise<TailView>;
  /** Puts the survivor's own tail into the vault before anything is forced upon it. Idempotent for a run. */
  save(run: RequestId, host: string): Promise<void>;
  /**
   * Applies to the new primary what the vault has after `survivor`. User writes must be blocked. Idempotent: what is applied
   * already changes nothing. NOT_REPLAYABLE (permanent) names the entry.
   */
  recover(
    run: RequestId,
    survivor: OpTime,
    work: { readonly signal: AbortSignal; report(text: Text): void },
  ): Promise<TailRecovered>;
}

/** Counts what was acknowledged by the old side and is not on the new one, and keeps it, signed. */
export interface LossBooks {
  /** Idempotent for a run: counted again, it says the same or more. */
  count(
    run: RequestId,
    lost: {
      readonly from: Region;
      readonly to: Region;
      /** The newest entry that both sides have. */
      readonly forkedAt: OpTime;
      readonly since: Date;
      readonly until: Date;
      readonly putBack: number;
      readonly approvedMs: number;
    },
    work: { readonly signal: AbortSignal; report(text: Text): void },
  ): Promise<LossCount>;
}

/** What an unplanned failover needs besides what every move does. */
export interface LostRegionWorld extends FailoverWorld {
  readonly dnsSwitch: DnsSwitch;
  readonly tail: VaultTail;
  readonly losses: LossBooks;
  /** The service's own caches; undefined where the plan names none. */
  readonly caches?: Caches | undefined;
  /** As `tellStakeholders`, of a region that was lost. */
  tellLoss(run: RequestId, receipt: UnplannedReceipt): Promise<void>;
}

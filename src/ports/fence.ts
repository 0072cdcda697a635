import type { Region, RequestId } from '#core';

/** Why a region can't take writes any more, and how that is known. */
export type FenceProof =
  | { readonly by: 'members-stopped'; readonly hosts: readonly string[] }
  /** Its lease is closed, and every renewal ever granted has run out: for so long none was granted. */
  | { readonly by: 'lease-ended'; readonly fence: number; readonly silentMs: number };

/** What a preview shows; nothing was touched to find it out. */
export interface FenceView {
  readonly region: Region;
  /**
   * - `proved`: it can't take writes now, and can't begin to once its lease is closed.
   * - `waits`: it still renews its lease; closing it and waiting `waitMs` proves the fence.
   * - `not-provable`: no lease is in use there and its members are not known to be stopped.
   */
  readonly standing: 'proved' | 'waits' | 'not-provable';
  /** How long `prove` would take, in ms. */
  readonly waitMs: number;
  /** How long nobody has been seen to renew, in ms; undefined without a lease. */
  readonly silentMs: number | undefined;
  /** Its lease now; left out where none is known. */
  readonly lease?: 'open' | 'closed';
  /** From which regions which members of it still answer; empty when it is dead to everybody. */
  readonly answering: readonly { readonly host: string; readonly to: Region }[];
  /** Clauses for people: `it renewed its lease 1 s ago`. */
  readonly reasons: readonly string[];
}

/** Whether the old side of a failover can still take writes. */
export interface Fence {
  look(region: Region): Promise<FenceView>;
  /**
   * Closes the region's lease in the run's name and resolves when no instance there can believe any more that it holds it.
   * Idempotent for a run. FENCE_NOT_PROVED (permanent) with what is missing and the next safe thing; STORE_UNAVAILABLE (transient).
   */
  prove(region: Region, run: RequestId, signal: AbortSignal): Promise<FenceProof>;
  /** Lets the region take writes: before drivers are sent there, or when a run is put back. Idempotent for a run. */
  open(region: Region, run: RequestId): Promise<void>;
  /** Takes the right away without waiting, from a region that serves nobody any more. Idempotent for a run. */
  close(region: Region, run: RequestId): Promise<void>;
}

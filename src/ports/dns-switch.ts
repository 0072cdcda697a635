import type { Region } from '#core';

/**
 * Turns drivers away from a region on DNS's data plane, without Route 53's control API: that one lives in us-east-1 and may be
 * lost with it. The records' health checks watch this switch. Throws DNS_UNAVAILABLE (transient) and DNS_REFUSED (permanent).
 */
export interface DnsSwitch {
  /**
   * Resolves when it is written; health checkers take a few of their intervals to see it. Idempotent. Drivers must have somewhere
   * to go: while they are turned away from another region it is refused, unless `to` is a region that can't be turned away from.
   */
  divert(from: Region, to?: Region): Promise<void>;
  /** Takes that back. Idempotent. */
  undivert(from: Region): Promise<void>;
  /** Which regions drivers are turned away from now. */
  diverted(): Promise<readonly Region[]>;
}

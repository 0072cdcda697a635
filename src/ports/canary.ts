import type { OplogTime } from './oplog-source.ts';

/**
 * A small document of Holdfast's own in the protected replica set, written again and again: when it has arrived where
 * backups are, so has every write before it, also while nobody else writes anything.
 */
export interface Canary {
  /**
   * Writes it with this number and waits for a majority; answers with its place in the oplog. Ends within seconds. Throws
   * DATABASE_UNAVAILABLE (transient; it may have been written) or DATABASE_REFUSED (permanent).
   */
  write(number: number): Promise<OplogTime>;
}

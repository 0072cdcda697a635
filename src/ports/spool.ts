/**
 * A few megabytes of this machine's own disk for what must not be lost while the control store does not answer.
 * `put` resolves only when the item is on the disk itself (fsync).
 */
export interface Spool {
  /** Throws STORE_UNAVAILABLE (transient) when the disk is full or broken: then nothing was kept, and it is said. */
  put(key: string, item: string): Promise<void>;
  /** What is waiting, oldest first. */
  list(): Promise<{ key: string; item: string }[]>;
  /** Forgets an item. Idempotent. */
  remove(key: string): Promise<void>;
}

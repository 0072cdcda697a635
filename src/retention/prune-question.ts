import type { Held, InUse, Inventory } from './inventory.ts';
import type { RetentionPolicy } from './policy.ts';

/** Everything that what stays and what goes depends on. */
export interface PruneQuestion {
  readonly inventory: Inventory;
  readonly policy: RetentionPolicy;
  readonly now: Date;
  readonly held: readonly Held[];
  readonly inUse: readonly InUse[];
}

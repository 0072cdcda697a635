import { daysBefore } from './policy.ts';
import type { RetentionWorld } from './retention-world.ts';

/**
 * Gives up every upload in parts that began before the grace period: the vault writes none, so whoever began one is
 * gone, and its parts cost without being in any list. Idempotent. Returns how many.
 */
export async function abortUploads({ vault, policy }: RetentionWorld, now: Date): Promise<number> {
  const before = daysBefore(now, policy.graceDays);
  let aborted = 0;
  for (const store of vault.stores) {
    for await (const { key, uploadId, startedAt } of store.listUploads('')) {
      if (startedAt >= before) continue;
      await store.abortUpload(key, uploadId);
      aborted += 1;
    }
  }
  return aborted;
}

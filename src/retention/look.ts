import { type PruneMarks, readHolds } from '#vault';
import type { PruneQuestion } from './prune-question.ts';
import { readVault, type VaultContents } from './read-vault.ts';
import type { RetentionWorld } from './retention-world.ts';

export interface Look {
  readonly contents: VaultContents;
  readonly question: PruneQuestion;
}

/**
 * Everything a decision rests on. What runs use is read after the vault, so that a run that begins meanwhile is seen.
 * Throws OBJECT_STORE_* and KEY_REFUSED while a region is silent.
 */
export async function look(world: RetentionWorld, marks: PruneMarks, now: Date, signal: AbortSignal): Promise<Look> {
  const { vault, policy } = world;
  const contents = await readVault(world, marks, signal);
  const held = await readHolds(vault);
  const inUse = await world.inUse();
  return { contents, question: { inventory: contents.inventory, policy, now, held, inUse } };
}

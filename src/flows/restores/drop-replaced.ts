import { z } from 'zod';
import { asDrError, RequestId } from '#core';
import type { ControlStore } from '#ports';
import { dropOld, SwapInput } from '#restore';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** Swaps whose replaced data was dropped: it is done once, and the journal stays as it was. */
const Dropped = z.object({ id: RequestId, at: z.date() });

/**
 * Drops what swaps put aside, after the plan's days. Not undoable, so it looks at each collection again: only what is
 * still aside while its successor is in place goes. Idempotent. Returns the runs that were cleaned up.
 */
export async function dropReplaced(world: HoldfastWorld, store: ControlStore): Promise<RequestId[]> {
  const dropped = store.records<z.output<typeof Dropped>>('dropped-after-swap', Dropped);
  const now = await store.now();
  const before = new Date(now.getTime() - world.plan.mongodb.restore.keepReplacedDays * 86_400_000);
  const due = await world.journal.find({
    where: { workflow: 'restore-swap', state: 'done', endedAt: { below: before } },
    sort: { by: 'endedAt', order: 'descending' },
    limit: 200,
  });
  const cleaned: RequestId[] = [];
  for (const { value: run } of due) {
    if (await dropped.get(run.id)) continue;
    const { collections, restore } = SwapInput.parse(run.input);
    const target = await world.restore.openTarget();
    try {
      for (const collection of collections) await dropOld({ target, runId: restore, collection });
    } catch (thrown) {
      // Undone meanwhile, or half: then it is nobody's to drop.
      if (asDrError(thrown).code !== 'WRONG_STATE') throw thrown;
    } finally {
      await target.close();
    }
    await dropped.insert({ id: run.id, at: now });
    cleaned.push(run.id);
  }
  return cleaned;
}

import { z } from 'zod';
import { DrError, RequestId } from '#core';
import { type ControlStore, insertNew, type OpTime, type Records } from '#ports';

/** A place in the oplog of one term. */
export const Place = z.object({ term: z.number().int(), seconds: z.number().int(), increment: z.number().int() });

/** How far the recovery of a tail is: whoever takes it up goes on from here. */
export const TailRecovery = z.object({
  id: RequestId,
  survivor: Place,
  /** Committed operations that are done; the same operations come in the same order again. */
  done: z.number().int().nonnegative(),
  /** Entries of the vault that are done. */
  entries: z.number().int().nonnegative(),
  /** The newest of them. */
  reaches: Place.optional(),
  /** By the oplog's UUID, the server's own, of collections that the recovery made. */
  ours: z.record(z.string(), z.string()),
  /** Entries that were left out once it was over; absent until then. */
  leftOut: z.number().int().optional(),
  /** Why it stopped at an entry, if it did. */
  stopped: z.string().optional(),
});
export type TailRecovery = z.output<typeof TailRecovery>;

const recoveriesIn = (store: ControlStore): Records<TailRecovery> => store.records('tail-recoveries', TailRecovery);

export const readRecovery = async (store: ControlStore, run: RequestId): Promise<TailRecovery | undefined> =>
  (await recoveriesIn(store).get(run))?.value;

export async function beginRecovery(store: ControlStore, run: RequestId, survivor: OpTime): Promise<TailRecovery> {
  const fresh = { id: run, survivor, done: 0, entries: 0, ours: {} };
  await insertNew(recoveriesIn(store), fresh);
  return (await readRecovery(store, run)) ?? fresh;
}

/** Writes how far it is. Throws WRONG_STATE (permanent) when somebody else is further: two at once must not be. */
export async function noteRecovery(store: ControlStore, next: TailRecovery): Promise<void> {
  const records = recoveriesIn(store);
  const seen = await records.get(next.id);
  if (seen && seen.value.done <= next.done && (await records.replace(seen, next))) return;
  throw new DrError('WRONG_STATE', 'permanent', `Somebody else puts the tail of ${next.id} back.`, {
    hint: `Look: /dr show ${next.id}`,
  });
}

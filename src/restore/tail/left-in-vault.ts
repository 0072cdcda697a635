import type { RequestId } from '#core';
import { compareOplogTimes, type OplogTime, type OpTime } from '#ports';
import { entriesBetween, inScope, openTimeline, reachableVault, type Timeline, type Vault } from '#vault';
import { CommittedOperations } from '../committed-operations.ts';
import { type OplogEntry, parseEntry } from '../oplog-entry.ts';
import { countAfter, findTail, next, opTimeOf } from './find-tail.ts';
import { readRecovery } from './recovery-record.ts';
import { isOfOldHistory, readPin } from './save-tail.ts';
import type { TailWorld } from './tail-world.ts';

/** Entries of timelines that nothing leads to. */
export const leftOutBeyond = async (vault: Vault, later: readonly Timeline[], after: OplogTime): Promise<number> =>
  (await countAfter(vault, later, after)).entries;

/**
 * The committed writes that the vault has of the old side's history and that were not put back: after what a recovery
 * reached, or after the survivor where there was none. In order. Transactions whose beginning is missing count from where it
 * is known. Throws what reading a timeline throws.
 */
export async function* leftInVault(
  world: Pick<TailWorld, 'vault' | 'store' | 'databases'>,
  run: RequestId,
  survivor: OpTime,
): AsyncGenerator<OplogEntry> {
  const vault = await reachableVault(world.vault);
  const pin = await readPin(vault, run);
  const recovery = await readRecovery(world.store, run);
  const from = recovery?.reaches ?? survivor;
  const { holder, beyond } = await findTail(vault, survivor);
  const wanted = [...(holder ? [holder] : []), ...beyond].filter(
    ({ number }) => number === (pin?.timeline ?? holder?.number) || number <= (pin?.newestTimeline ?? 0),
  );
  for (const timeline of wanted) {
    const after = compareOplogTimes(from, timeline.from) < 0 ? timeline.from : from;
    if (compareOplogTimes(timeline.through, after) <= 0) continue;
    const opened = openTimeline(vault, timeline);
    const transactions = new CommittedOperations({ lenient: true });
    try {
      for await (const raw of entriesBetween(opened, after, next(timeline.through))) {
        if (!isOfOldHistory(pin, survivor, opTimeOf(raw)) && timeline === holder) break;
        for (const operation of transactions.push(parseEntry(raw))) {
          if (['i', 'u', 'd'].includes(operation.operation) && inScope(world.databases, operation.namespace)) {
            yield operation;
          }
        }
      }
    } finally {
      opened.close();
    }
  }
}

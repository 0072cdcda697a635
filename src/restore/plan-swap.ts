import { asDrError, documentsOf, type RequestId } from '#core';
import { compareOplogTimes, type OplogSource, type RestoreTarget } from '#ports';
import { TRANSACTIONS } from '#vault';
import { CommittedOperations } from './committed-operations.ts';
import { parseEntry } from './oplog-entry.ts';
import type { BesideCollection } from './restore-beside.ts';
import type { RestoredTo } from './restore-point.ts';

/** What happened to a live collection after the backup, and would be put aside by the swap. */
export type SinceBackup =
  | { readonly kind: 'counted'; readonly inserts: number; readonly updates: number; readonly deletes: number }
  /** The oplog no longer reaches back to the backup. */
  | { readonly kind: 'unknown' };

export interface SwapOfCollection {
  readonly database: string;
  readonly name: string;
  /**
   * `missing`: it was dropped or renamed; nothing is put aside. `replaced`: a collection of that name is there, but not
   * the one that was backed up: it was dropped, and a service that went on writing made it again.
   */
  readonly live: 'present' | 'replaced' | 'missing';
  readonly since: SinceBackup;
}

export interface SwapPlan {
  readonly runId: RequestId;
  readonly collections: readonly SwapOfCollection[];
  /** Writes to all of them since; undefined when unknown. */
  readonly writesLost: number | undefined;
}

export interface PlanSwapOptions {
  readonly since: RestoredTo;
  readonly collections: readonly BesideCollection[];
  readonly target: RestoreTarget;
  readonly oplog: OplogSource;
  readonly runId: RequestId;
  readonly signal: AbortSignal;
}

/**
 * What would be lost by swapping these collections in: the committed writes to the live ones since the backup, counted
 * in the oplog by name. Changes nothing. Throws what the target and the oplog throw.
 */
export async function planSwap(options: PlanSwapOptions): Promise<SwapPlan> {
  const { target, oplog, runId, signal } = options;
  const counts = await writesSince(oplog, options.since, signal);
  const collections: SwapOfCollection[] = [];
  for (const { database, name, sourceUuid } of options.collections) {
    const found = (await target.collections(database)).find((each) => each.name === name);
    const live = !found ? 'missing' : !sourceUuid || sourceUuid === found.uuid ? 'present' : 'replaced';
    const since = counts === 'unknown' ? { kind: 'unknown' as const } : countOf(counts, `${database}.${name}`);
    collections.push({ database, name, live, since });
  }
  return { runId, collections, writesLost: total(collections) };
}

interface Counts {
  inserts: number;
  updates: number;
  deletes: number;
}

async function writesSince(
  oplog: OplogSource,
  { before, reached }: RestoredTo,
  signal: AbortSignal,
): Promise<Map<string, Counts> | 'unknown'> {
  const counts = new Map<string, Counts>();
  const transactions = new CommittedOperations({ lenient: true });
  const until = await oplog.majorityTime();
  try {
    for await (const batch of oplog.follow(reached, signal)) {
      for (const raw of documentsOf(batch)) {
        const entry = parseEntry(raw);
        if (compareOplogTimes(entry.at, until) > 0) return counts;
        if (compareOplogTimes(entry.at, before) >= 0 && (entry.operation !== 'c' || entry.namespace === TRANSACTIONS)) {
          for (const operation of transactions.push(entry)) count(counts, operation.namespace, operation.operation);
        }
        if (compareOplogTimes(entry.at, until) === 0) return counts;
      }
    }
    return counts;
  } catch (error) {
    if (asDrError(error).code === 'SOURCE_CHANGED') return 'unknown';
    throw error;
  }
}

function count(counts: Map<string, Counts>, namespace: string, operation: string): void {
  const sums = counts.get(namespace) ?? { inserts: 0, updates: 0, deletes: 0 };
  counts.set(namespace, sums);
  if (operation === 'i') sums.inserts += 1;
  else if (operation === 'u') sums.updates += 1;
  else if (operation === 'd') sums.deletes += 1;
}

function countOf(counts: Map<string, Counts>, namespace: string): SinceBackup {
  return { kind: 'counted', ...(counts.get(namespace) ?? { inserts: 0, updates: 0, deletes: 0 }) };
}

function total(collections: readonly SwapOfCollection[]): number | undefined {
  let sum = 0;
  for (const { since } of collections) {
    if (since.kind === 'unknown') return undefined;
    sum += since.inserts + since.updates + since.deletes;
  }
  return sum;
}

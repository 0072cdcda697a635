import { DrError, documentsOf, hashOf, type RawDocument, type RequestId, sha256 } from '#core';
import { reachableVault } from '#vault';
import { findThere, isThere } from './find-there.ts';
import { readMissing, readReceipt } from './keep-receipt.ts';
import { type LossWorld, using } from './loss-world.ts';
import { type LostDocument, lostDocuments } from './lost-documents.ts';
import { idOfDocument, idOfWrite, idText } from './lost-write.ts';
import { keyOf, type MissingWrite } from './receipt.ts';

/**
 * What becomes of a lost write:
 * - `insert`: nothing has its id. - `conflict`: something else has it, and stays unless the lost one is taken.
 * - `same`: it is there already. - `gone`: it was there or could have been, and was removed on the new side since.
 * - `deletion`: it removed something that is still there; nothing is ever removed by a merge.
 * - `unknown`: its content is kept nowhere yet.
 */
export type Fate = 'insert' | 'conflict' | 'same' | 'gone' | 'deletion' | 'unknown';

export interface PlannedWrite {
  readonly write: MissingWrite;
  readonly fate: Fate;
  readonly document: RawDocument | undefined;
}

export interface MergePlan {
  readonly run: RequestId;
  readonly writes: readonly PlannedWrite[];
  /** Of what would be written, in which way: what people approve. */
  readonly hash: string;
}

export interface MergeChoice {
  /** `database.collection` or `database.*`; all when left out. */
  readonly only?: readonly string[] | undefined;
  /** Whether the lost document replaces what has its id now. */
  readonly takeLost: boolean;
}

/**
 * What merging a loss would do. Changes nothing. Throws REQUEST_UNKNOWN (user) without a receipt, SIGNATURE_INVALID (permanent)
 * for one that is not genuine, and transient errors.
 */
export async function planMerge(world: LossWorld, run: RequestId, choice: MergeChoice): Promise<MergePlan> {
  const found = await readReceipt(world, run);
  if (!found) throw noReceipt(run);
  if (found.standing !== 'genuine') throw notGenuine(run, found.standing);
  const vault = await reachableVault(world.vault);
  const all = await readMissing(vault, found.receipt);
  const wanted = all.filter(({ namespace, back }) => !back && isChosen(namespace, choice));
  const lost = await lostDocuments(world, vault, run, found.receipt.forkedAt);
  const removed = await using(world.openPrimary, async (primary) => {
    const keys = new Set<string>();
    const entries = primary.between(found.receipt.forkedAt);
    for await (const operation of world.history.committed(eachOf(entries))) {
      const id = operation.operation === 'd' ? idOfWrite(operation) : undefined;
      if (id) keys.add(keyOf({ namespace: operation.namespace, id: idText(id) }));
    }
    return keys;
  });
  const writes = await using(world.openTarget, async (target) => {
    const planned: PlannedWrite[] = [];
    for (const [namespace, mine] of Map.groupBy(wanted, (write) => write.namespace)) {
      const documents = mine.flatMap((write) => lost.get(keyOf(write)) ?? []);
      const there = await findThere(
        target,
        namespace,
        documents.map(({ document }) => idOfDocument(document)),
      );
      const exists = await isThere(target, namespace);
      for (const write of mine) planned.push(fateOf(write, lost.get(keyOf(write)), { there, removed, exists }));
    }
    return planned;
  });
  return { run, writes, hash: hashOfPlan(writes, choice) };
}

const isChosen = (namespace: string, { only }: MergeChoice): boolean =>
  only?.some((each) => each === namespace || (each.endsWith('.*') && namespace.startsWith(each.slice(0, -1)))) ?? true;

interface NewSide {
  readonly there: ReadonlyMap<string, RawDocument>;
  readonly removed: ReadonlySet<string>;
  readonly exists: boolean;
}

function fateOf(
  write: MissingWrite,
  lost: LostDocument | undefined,
  { there, removed, exists }: NewSide,
): PlannedWrite {
  const document = lost?.document;
  const now = there.get(write.id);
  const fate = ((): Fate => {
    if (write.what === 'delete') return 'deletion';
    if (!document) return 'unknown';
    if (now) return now.equals(document) ? 'same' : 'conflict';
    return removed.has(keyOf(write)) || !exists ? 'gone' : 'insert';
  })();
  return { write, fate, document };
}

/** What the plan would write, in an order that does not depend on who is asked. */
export const toWrite = (writes: readonly PlannedWrite[], { takeLost }: MergeChoice): readonly PlannedWrite[] =>
  writes.filter(({ fate }) => fate === 'insert' || (takeLost && fate === 'conflict'));

const hashOfPlan = (writes: readonly PlannedWrite[], choice: MergeChoice): string =>
  hashOf(
    toWrite(writes, choice)
      .map(({ write, fate, document }) => [keyOf(write), fate, document ? sha256(document) : ''])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );

async function* eachOf(batches: AsyncIterable<Buffer>): AsyncGenerator<RawDocument> {
  for await (const batch of batches) yield* documentsOf(batch);
}

export const noReceipt = (run: RequestId): DrError =>
  new DrError('REQUEST_UNKNOWN', 'user', `${run} has no loss receipt. Nothing was changed.`, {
    hint: 'A receipt is made by a failover that nobody planned. Which there were: /dr timeline',
  });

const notGenuine = (run: RequestId, standing: string): DrError =>
  standing === 'unproved'
    ? new DrError(
        'SERVICE_UNAVAILABLE',
        'transient',
        'The vault does not answer, so the receipt can not be proved now.',
        {
          hint: `Try again, or look: /dr receipt ${run}`,
        },
      )
    : new DrError(
        'SIGNATURE_INVALID',
        'user',
        `The loss receipt of ${run} is not the newest that was signed. Nothing was changed.`,
        {
          hint: `Look: /dr receipt ${run}. The Security Lead should know of it.`,
        },
      );

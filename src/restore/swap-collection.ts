import { DrError, type RequestId, unreachable } from '#core';
import type { RestoreTarget, TargetCollection } from '#ports';
import { oldName } from './beside-names.ts';
import type { BesideCollection } from './restore-beside.ts';

/**
 * Where a collection stands in its swap, read from the servers: by UUID, because names alone do not say which of two
 * collections is the restored one.
 * - `beside`: not begun. - `parted`: the live one is put aside, the restored one not yet in its place.
 * - `swapped`: the restored one is live. - `gone`: the restored one is nowhere.
 */
export type SwapState = 'beside' | 'parted' | 'swapped' | 'gone';

export interface SwapOf {
  readonly target: RestoreTarget;
  readonly runId: RequestId;
  readonly collection: BesideCollection;
}

interface Seen {
  readonly state: SwapState;
  readonly live: TargetCollection | undefined;
  readonly old: TargetCollection | undefined;
}

async function look({ target, runId, collection }: SwapOf): Promise<Seen> {
  const all = await target.collections(collection.database);
  const named = (name: string): TargetCollection | undefined => all.find((found) => found.name === name);
  const live = named(collection.name);
  const old = named(oldName(runId, collection.name));
  const isBeside = named(collection.beside)?.uuid === collection.uuid;
  const state = live?.uuid === collection.uuid ? 'swapped' : !isBeside ? 'gone' : old ? 'parted' : 'beside';
  return { state, live, old };
}

/** Where the swap of a collection stands. Changes nothing. */
export const observeSwap = async (swap: SwapOf): Promise<SwapState> => (await look(swap)).state;

/**
 * Puts the live collection aside and the restored one in its place: two renames within the database, which move no
 * data. User writes must be blocked, or a service finds no collection in between and makes an empty one. Idempotent:
 * goes on from wherever an earlier try stopped. Throws WRONG_STATE (permanent) when a third collection stands in the
 * way, NOT_FOUND (permanent) when the restored one is gone.
 */
export async function swapCollection(swap: SwapOf): Promise<void> {
  const { target, runId, collection } = swap;
  const { database, name, beside } = collection;
  // the preview leaves them out; no server renames one
  if (collection.timeSeries) throw new DrError('UNEXPECTED', 'bug', `${database}.${name} is a time-series collection.`);
  const { state, live } = await look(swap);
  switch (state) {
    case 'swapped':
      return;
    case 'gone':
      throw new DrError('NOT_FOUND', 'permanent', `The restored ${database}.${name} is no longer there.`, {
        hint: 'Restore it again: /dr restore',
      });
    case 'parted':
      if (live) throw inTheWay(database, name);
      break;
    case 'beside':
      if (live) await target.rename({ database, name }, oldName(runId, name));
      break;
    default:
      return unreachable(state);
  }
  await target.rename({ database, name: beside }, name);
}

/**
 * Undoes the swap: the restored collection goes back beside, the old one back into its place. Writes that the restored
 * one took in between stay in it. Idempotent. Throws as `swapCollection` does.
 */
export async function swapBack(swap: SwapOf): Promise<void> {
  const { target, runId, collection } = swap;
  const { database, name, beside } = collection;
  const { state } = await look(swap);
  if (state === 'swapped') await target.rename({ database, name }, beside);
  const { live, old } = await look(swap);
  if (!old) return;
  if (live) throw inTheWay(database, name);
  await target.rename({ database, name: oldName(runId, name) }, name);
}

/** Lets documents expire again, as they did; only for a collection that is swapped in. Idempotent. */
export async function restoreTtl(swap: SwapOf): Promise<void> {
  const { target, collection } = swap;
  if ((await observeSwap(swap)) !== 'swapped') {
    throw new DrError('WRONG_STATE', 'permanent', `${collection.database}.${collection.name} is not swapped in.`);
  }
  for (const { index, expireAfterSeconds } of collection.ttl) {
    await target.expire({ database: collection.database, name: collection.name }, { index, expireAfterSeconds });
  }
}

/** Drops what the swap put aside. Not undoable; due after seven days. Idempotent. Refuses before the swap is whole. */
export async function dropOld(swap: SwapOf): Promise<void> {
  const { target, runId, collection } = swap;
  const { database, name } = collection;
  const { state, live } = await look(swap);
  // while the restored one is not in its place, the old one may be the only live data there is
  if (state === 'parted' || !live) {
    throw new DrError('WRONG_STATE', 'permanent', `${database}.${name} is not in its place; nothing was dropped.`);
  }
  await target.drop({ database, name: oldName(runId, name) });
}

/** Drops a restored collection that is not swapped in. Idempotent; never touches the live one. */
export async function dropBeside({ target, collection }: SwapOf): Promise<void> {
  await target.drop({ database: collection.database, name: collection.beside });
}

const inTheWay = (database: string, name: string): DrError =>
  new DrError('WRONG_STATE', 'permanent', `A new ${database}.${name} appeared while it was being swapped.`, {
    hint: 'Check who wrote to it, rename it away, then run the step again.',
  });

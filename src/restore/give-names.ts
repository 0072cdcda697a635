import { DrError } from '#core';
import type { Namespace, RestoreTarget, TargetCollection } from '#ports';

/** A restored collection, the name it has while it is loaded, and the one it gets. */
interface Named extends Namespace {
  readonly beside: string;
  readonly uuid: string;
}

/** Throws TARGET_EXISTS (permanent) when something has one of these names already. */
export async function refuseTaken(
  target: RestoreTarget,
  collections: readonly { readonly place: Namespace }[],
): Promise<void> {
  for (const { place } of collections) {
    const found = await collectionAt(target, place);
    if (found) throw takenName(`${place.database}.${place.name}`);
  }
}

/**
 * Gives restored collections their new names, by renames that move no data and replace nothing. Idempotent: which ones
 * have theirs already is seen by UUID. Throws TARGET_EXISTS (permanent) when somebody took a name meanwhile, NOT_FOUND
 * (permanent) when a collection is gone.
 */
export async function giveNames(target: RestoreTarget, collections: readonly Named[]): Promise<void> {
  for (const { database, name, beside, uuid } of collections) {
    const found = await collectionAt(target, { database, name });
    if (found?.uuid === uuid) continue;
    if (found) throw takenName(`${database}.${name}`);
    await target.rename({ database, name: beside }, name);
  }
}

/** Puts the names they had while they were loaded back; what was written to them since stays in them. Idempotent. */
export async function takeNamesBack(target: RestoreTarget, collections: readonly Named[]): Promise<void> {
  for (const { database, name, beside, uuid } of collections) {
    const found = await collectionAt(target, { database, name });
    if (found?.uuid === uuid) await target.rename({ database, name }, beside);
  }
}

async function collectionAt(
  target: RestoreTarget,
  { database, name }: Namespace,
): Promise<TargetCollection | undefined> {
  return (await target.collections(database)).find((each) => each.name === name);
}

/** The error for a new name that something has already. */
export const takenName = (namespace: string): DrError =>
  new DrError('TARGET_EXISTS', 'permanent', `There is a ${namespace} already; nothing is replaced.`, {
    hint: 'Restore again under another name: /dr restore ... --as',
  });

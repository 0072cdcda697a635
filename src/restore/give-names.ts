import type { Namespace, RestoreTarget, TargetCollection } from '#ports';
import { moveBack, moveTimeSeries } from './move-time-series.ts';
import { takenName } from './taken-name.ts';
import { bucketsOf } from './time-series.ts';

/** A restored collection, the name it has while it is loaded, and the one it gets. */
interface Named extends Namespace {
  readonly beside: string;
  readonly uuid: string;
  readonly timeSeries?: true | undefined;
}

/** Throws TARGET_EXISTS (permanent) when something has one of these names already. */
export async function refuseTaken(
  target: RestoreTarget,
  collections: readonly { readonly place: Namespace; readonly timeSeries: boolean }[],
): Promise<void> {
  for (const { place, timeSeries } of collections) {
    const found = (await collectionAt(target, place)) ?? (timeSeries && (await collectionAt(target, bucketsOf(place))));
    if (found) throw takenName(`${place.database}.${place.name}`);
  }
}

/**
 * Gives restored collections their new names, by renames that move no data and replace nothing; only time-series ones are
 * copied. Idempotent: which ones have theirs already is seen by UUID. Throws TARGET_EXISTS (permanent) when somebody took a name meanwhile, NOT_FOUND
 * (permanent) when a collection is gone.
 */
export async function giveNames(target: RestoreTarget, collections: readonly Named[]): Promise<void> {
  for (const { database, name, beside, uuid, timeSeries } of collections) {
    if (timeSeries) {
      await moveTimeSeries({ target, from: { database, name: beside }, to: { database, name } });
      continue;
    }
    const found = await collectionAt(target, { database, name });
    if (found?.uuid === uuid) continue;
    if (found) throw takenName(`${database}.${name}`);
    await target.rename({ database, name: beside }, name);
  }
}

/** Puts the names they had while they were loaded back; what was written to them since stays in them. Idempotent. */
export async function takeNamesBack(target: RestoreTarget, collections: readonly Named[]): Promise<void> {
  for (const { database, name, beside, uuid, timeSeries } of collections) {
    if (timeSeries) {
      await moveBack({ target, from: { database, name: beside }, to: { database, name } });
      continue;
    }
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

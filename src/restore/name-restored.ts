import { z } from 'zod';
import type { RestoreTarget } from '#ports';
import { giveNames, takeNamesBack } from './give-names.ts';
import type { Naming } from './naming.ts';
import { databaseOf } from './oplog-entry.ts';
import type { RestoredBeside } from './restore-beside.ts';
import { pointOf, type RestorePoint } from './restore-point.ts';
import { dropViews, type RestoreViewsOptions, restoreViews } from './restore-views.ts';
import type { RestoreWorld } from './restore-world.ts';
import { takenName } from './taken-name.ts';

/** What has its names, by namespace. */
export const Named = z.object({ collections: z.array(z.string()), views: z.array(z.string()) });
export type Named = z.output<typeof Named>;

interface Loaded {
  readonly world: Pick<RestoreWorld, 'vault'>;
  readonly input: RestorePoint & { readonly naming: Naming | 'kept' };
  readonly done: { readonly load: RestoredBeside };
}

/** A view names what it reads, so it comes along wherever names stay within their database. */
export function viewsToName({ world, input, done }: Loaded, target: RestoreTarget): RestoreViewsOptions {
  const { naming } = input;
  const into = naming !== 'kept' && 'database' in naming ? naming.database : undefined;
  const views = naming === 'kept' || into !== undefined ? (done.load.views ?? []) : [];
  return { vault: world.vault, point: pointOf(input), target, databases: views.map(databaseOf), views, into };
}

/**
 * Gives what was loaded and proved its names, then makes the views over it. Idempotent: which collections have their names
 * is seen by UUID, and views that are there already are left alone. Throws TARGET_EXISTS (permanent) when somebody took one.
 */
export async function nameRestored(
  target: RestoreTarget,
  { collections }: RestoredBeside,
  views: RestoreViewsOptions,
): Promise<Named> {
  await giveNames(target, collections);
  const made = await restoreViews(views);
  const [inTheWay] = [...made.different, ...made.refused];
  if (inTheWay) throw takenName(inTheWay);
  return {
    collections: collections.map(({ database, name }) => `${database}.${name}`),
    views: [...made.created, ...made.same],
  };
}

/** Puts back what `nameRestored` did. Idempotent. */
export async function unnameRestored(
  target: RestoreTarget,
  { collections }: RestoredBeside,
  views: RestoreViewsOptions,
): Promise<void> {
  await dropViews(views);
  await takeNamesBack(target, collections);
}

export const namesText = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

import { asDrError, counted, formatBytes, formatCount, RequestId, type Text } from '#core';
import {
  type AnyNaming,
  type Choice,
  catalogAt,
  planRestore,
  type RestorePlan,
  type RestorePoint,
  viewsLeftOut,
} from '#restore';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What a choice comes to at a moment. */
export interface LookedAt {
  /** Undefined where this process may not read what there was: the restore itself settles it. */
  readonly plan: RestorePlan | undefined;
  /** About how much it is; undefined with the plan. */
  readonly bytes: number | undefined;
  /** What is chosen, how much it is, and what is not. */
  readonly lines: Text[];
  /** Every collection with its size. */
  readonly details: Text[];
}

/** The names of ours have the request's number in them; before there is one, the longest has its place. */
const ANY_RUN = RequestId.parse('R-999999999');
const NAMES_SHOWN = 6;
const DETAILS_SHOWN = 40;

/**
 * Looks what of a moment a choice means. Reads the names up to the moment, and no document. Throws what `planRestore` and
 * the vault throw.
 */
export async function lookAtChoice(
  {
    point,
    namespaces,
    naming,
  }: { readonly point: RestorePoint; readonly namespaces: Choice; readonly naming?: AnyNaming },
  { backup }: Pick<HoldfastWorld, 'backup'>,
): Promise<LookedAt> {
  const { catalog, asOf, sizeOf } = await catalogAt(backup.vault, point);
  const all = [...catalog.collections.values()];
  const plan = planned();
  if (!plan) return { plan, bytes: undefined, lines: [SETTLED_LATER], details: [] };
  const sizes = plan.collections.map(({ entry, namespace }) => ({ namespace, ...sizeOf(entry) }));
  const mine = total(sizes);
  const names = [...sizes.map(({ namespace }) => namespace), ...plan.views.map((view) => `view ${view}`)];
  const leftOut = viewsLeftOut(catalog, namespaces);
  return {
    plan,
    bytes: mine.bytes,
    lines: [
      [
        `${plan.collections.length} of ${counted(all.length, 'collection')}: ${short(names)}.`,
        ` About ${formatCount(mine.documents)} documents, ${formatBytes(mine.bytes)} of ${formatBytes(total(all.map(sizeOf)).bytes)}.`,
      ],
      ...(leftOut.length > 0
        ? [[`Not chosen, though what they read is: ${short(leftOut.map((view) => `view ${view}`))}.`]]
        : []),
      ...plan.refused.map(({ namespace, reason }): Text => [`Left out: ${namespace}. ${reason}`]),
      ...(asOf === 'backup' ? [SETTLED_LATER] : []),
    ],
    details: [
      ...sizes
        .slice(0, DETAILS_SHOWN)
        .map(
          ({ namespace, documents, bytes }): Text => [
            `${namespace}: about ${formatCount(documents)} documents, ${formatBytes(bytes)}`,
          ],
        ),
      ...(sizes.length > DETAILS_SHOWN ? [[`and ${sizes.length - DETAILS_SHOWN} more`]] : []),
    ],
  };

  /** Of names as they were when the backup began, one that is missing may have come since. */
  function planned(): RestorePlan | undefined {
    try {
      return planRestore(catalog, ANY_RUN, { namespaces, naming });
    } catch (thrown) {
      if (asOf === 'moment' || asDrError(thrown).kind !== 'user') throw thrown;
      return undefined;
    }
  }
}

const SETTLED_LATER: Text = [
  'Names are as when the backup began: what was renamed or made since is looked up when it is restored, before anything is written.',
];

const total = (sizes: readonly { readonly documents: number; readonly bytes: number }[]) => ({
  documents: sizes.reduce((sum, { documents }) => sum + documents, 0),
  bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
});

const short = (names: readonly string[]): string =>
  names.length > NAMES_SHOWN
    ? `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`
    : names.join(', ');

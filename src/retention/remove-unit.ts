import { inParallel, ownerOf } from '#vault';
import type { VersionThere } from './stored-version.ts';
import type { Unit } from './units.ts';

const AT_ONCE = 8;

/** Why something can't go yet. */
export interface Retained {
  /** The latest lock's end; undefined where only a legal hold keeps it. */
  readonly until: Date | undefined;
  readonly legalHold: boolean;
}

type Versions = ReadonlyMap<string, readonly VersionThere[]>;

/** Until when any version of it is locked or held, in any region; undefined when all of it may go. */
export async function retainedBy(
  unit: Unit,
  versions: Versions,
  now: Date,
  signal: AbortSignal,
): Promise<Retained | undefined> {
  const objects = unit.keys.flatMap((key) => (versions.get(key) ?? []).filter(({ kind }) => kind === 'object'));
  let until: Date | undefined;
  let legalHold = false;
  await inParallel(objects, AT_ONCE, async ({ store, key, versionId }) => {
    signal.throwIfAborted();
    const head = await store.head(key, versionId);
    if (!head) return;
    legalHold ||= head.legalHold;
    if (head.lock !== 'none' && head.lock.until > now && (!until || head.lock.until > until)) until = head.lock.until;
  });
  return until || legalHold ? { until, legalHold } : undefined;
}

/** What became of a unit. `begun`: some of it is gone, so that it is no longer what it was. */
export type Removal =
  | { readonly kind: 'removed' }
  | { readonly kind: 'retained'; readonly by: Retained; readonly begun: boolean };

/**
 * Deletes all of it in every region: the manifest before anything else, so that a backup is no longer offered before it
 * is incomplete; of each key the oldest version first, so that no older one comes to light. Idempotent: a later call
 * goes on. Stops where a bucket retains a version, by a lock that was added meanwhile or by a clock that is not ours.
 */
export async function removeUnit(unit: Unit, versions: Versions, signal: AbortSignal): Promise<Removal> {
  const manifests = unit.keys.filter((key) => ownerOf(key).kind === 'manifest');
  const others = unit.keys.filter((key) => ownerOf(key).kind !== 'manifest');
  let begun = false;
  for (const keys of [manifests, others]) {
    const found = await inParallel(keys, AT_ONCE, async (key) => {
      for (const { store, versionId } of oldestFirst(versions.get(key) ?? [])) {
        signal.throwIfAborted();
        const deletion = await store.deleteVersion(key, versionId);
        if (deletion.kind === 'retained') return deletion;
        begun = true;
      }
      return undefined;
    });
    const by = found.find((each) => each !== undefined);
    if (by) return { kind: 'retained', by, begun };
  }
  return { kind: 'removed' };
}

const oldestFirst = (there: readonly VersionThere[]): VersionThere[] =>
  [...there].sort((a, b) => Number(a.current) - Number(b.current) || a.writtenAt.getTime() - b.writtenAt.getTime());

/** `until 2033-11-23`, `until its legal hold is off`. */
export const sayRetained = ({ until, legalHold }: Retained): string =>
  legalHold || !until ? 'until its legal hold is off' : `until ${until.toISOString().slice(0, 10)}`;

import { asDrError } from '#core';
import { inParallel, type PruneMarks, SEGMENT_OBJECTS } from '#vault';
import { classesOf } from './choose-class.ts';
import type { Look } from './look.ts';
import type { Kept } from './plan-prune.ts';
import { unitName } from './units.ts';

type Classes = NonNullable<PruneMarks['classes']>;

/** Calls at once, over all regions. */
const AT_ONCE = 8;

/**
 * Tells every version of the data of what may lie colder to which class it is to move: segments only, since manifests and
 * keys are what everybody reads first. The bucket's rule does it, so that versions keep the ids that manifests name. What
 * was told before is not told again. Idempotent. Returns what to remember.
 */
export async function moveColder(
  { contents, question }: Look,
  keep: readonly Kept[],
  before: Classes,
  signal: AbortSignal,
): Promise<Classes> {
  const wanted = classesOf(question, keep);
  const classes: Classes = {};
  for (const { unit } of keep) {
    const name = unitName(unit);
    const storageClass = wanted.get(name);
    const known = before[name];
    if (!storageClass) {
      // what was told can't be taken back: it lies there, and whoever restores it has to know
      if (known) classes[name] = known;
      continue;
    }
    const versions = unit.keys
      .filter((key) => key.startsWith(SEGMENT_OBJECTS))
      .flatMap((key) => (contents.versions.get(key) ?? []).filter(({ kind }) => kind === 'object'));
    if (known?.class !== storageClass || known.versions !== versions.length) {
      await inParallel(versions, AT_ONCE, async ({ store, key, versionId }) => {
        signal.throwIfAborted();
        await store.wantClass(key, versionId, storageClass).catch(onlyGone);
      });
    }
    classes[name] = { class: storageClass, versions: versions.length };
  }
  return classes;
}

/** Somebody healed or deleted it meanwhile: there is nothing to move. */
function onlyGone(thrown: unknown): void {
  const error = asDrError(thrown);
  if (error.code !== 'NOT_FOUND') throw error;
}

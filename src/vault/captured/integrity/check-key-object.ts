import type { Region } from '#core';
import type { ObjectStore } from '#ports';
import type { HealedCopy } from '../../backup-check.ts';
import type { Judged } from '../../key-standing.ts';
import type { CheckedObject } from './checked-object.ts';
import type { HourObject } from './hour-objects.ts';
import type { CopyIn } from './key-candidates.ts';
import type { PatientRegions } from './patient-regions.ts';
import { writeAgain } from './write-again.ts';

interface Copy {
  readonly store: ObjectStore;
  readonly bytes: Buffer | undefined;
  readonly judged: Judged | undefined;
}

/**
 * Compares the copies of one key object. The best is the one whose wraps open in most regions, of those the one that most
 * regions have; where no current copy is any good, a version before it. Every copy that is not the same bytes is written
 * again, unless it opens in a region in which the best does not: that is for a rotation to put right.
 */
export async function checkKeyObject(
  regions: PatientRegions,
  object: HourObject,
  copyIn: CopyIn,
  judgeCopy: (bytes: Buffer) => Promise<Judged>,
): Promise<CheckedObject> {
  const { key } = object;
  const copies: Copy[] = [];
  for (const store of regions.stores()) {
    try {
      const bytes = await copyIn(store, object);
      copies.push({ store, bytes, judged: bytes && (await judgeCopy(bytes)) });
    } catch {
      regions.signal.throwIfAborted();
    }
  }
  const best = bestOf(copies) ?? (await olderBest(regions, object, copyIn, judgeCopy));
  const checked = { key, bytes: best?.bytes.length ?? 0, whole: undefined, why: undefined };
  // no key service answers, so nothing can be told
  const isUnknown = copies.some(
    ({ judged }) => judged?.verdict === 'unknown' && judged.lacks.some(({ kind }) => kind === 'silent'),
  );
  if (!best && isUnknown) return { ...checked, damage: [], healed: [] };
  const damage: CheckedObject['damage'][number][] = [];
  const healed: HealedCopy[] = [];
  for (const { store, bytes, judged } of copies) {
    if (best && bytes?.equals(best.bytes)) continue;
    const { region } = store;
    const problem = problemOf(bytes, judged);
    const opensMore = best && judged && [...judged.opens].some((each) => !best.opens.has(each));
    const why = best && !opensMore ? await writeAgain(regions, store, object, best.bytes) : problem;
    if (why === undefined && best) healed.push({ region, segment: key, problem, from: best.region });
    else
      damage.push({
        region,
        segment: key,
        problem: why === undefined || why === problem ? problem : `${problem} ${why}`,
      });
  }
  return { ...checked, damage, healed };
}

interface Best {
  readonly region: Region;
  readonly bytes: Buffer;
  readonly opens: ReadonlySet<Region>;
}

function bestOf(copies: readonly Copy[]): Best | undefined {
  const equal = (bytes: Buffer): number => copies.filter((copy) => copy.bytes?.equals(bytes)).length;
  const good = copies.flatMap(({ store, bytes, judged }) =>
    bytes && judged?.verdict === 'true'
      ? [{ region: store.region, bytes, opens: judged.opens, equal: equal(bytes) }]
      : [],
  );
  return good.sort((a, b) => b.opens.size - a.opens.size || b.equal - a.equal)[0];
}

async function olderBest(
  regions: PatientRegions,
  object: HourObject,
  copyIn: CopyIn,
  judgeCopy: (bytes: Buffer) => Promise<Judged>,
): Promise<Best | undefined> {
  const copies: Copy[] = [];
  for (const store of regions.stores()) {
    for (const version of (object.versions.get(store.region) ?? []).filter(({ current }) => !current)) {
      const bytes = await copyIn(store, object, version).catch(() => undefined);
      if (bytes) copies.push({ store, bytes, judged: await judgeCopy(bytes) });
    }
  }
  return bestOf(copies);
}

function problemOf(bytes: Buffer | undefined, judged: Judged | undefined): string {
  if (!bytes) return 'It is not there.';
  return judged?.verdict === 'true' ? 'It is not what the other regions have.' : 'It does not give the key.';
}

import { asDrError, canonicalJson, DrError, type Region, type Sha256, sha256 } from '#core';
import type { ObjectStore } from '#ports';
import type { Damage, HealedCopy } from '../../backup-check.ts';
import { isDamage } from '../../first-good.ts';
import type { CapturedHeader } from '../captured-file.ts';
import type { StoredRange } from '../captured-range.ts';
import type { LostWhy } from '../lost.ts';
import { provesItsName } from '../proves-its-name.ts';
import type { CheckedObject } from './checked-object.ts';
import type { HourKeys } from './hour-keys.ts';
import type { HourObject } from './hour-objects.ts';
import type { PatientRegions } from './patient-regions.ts';
import { writeAgain } from './write-again.ts';

interface Good {
  readonly region: Region;
  readonly object: Buffer;
  readonly header: CapturedHeader;
  readonly hash: Sha256;
  /** Of what is in it, whatever key it is under. */
  readonly content: Sha256;
}

/** One copy that is wrong, and what is wrong with it. */
interface Wrong {
  readonly store: ObjectStore;
  readonly error: DrError;
}

/**
 * Reads every region's copy of a segment or an archive's piece and proves it; a copy that is damaged or not there is
 * written again from a region that is whole, or from a version before the current one where no current one is. `owed` is
 * false for what regions may not have yet: then only what is there is judged. Damage is a result. Throws
 * what no reading of another copy makes good: a key service that refuses, or does not answer.
 */
export async function checkObject(
  regions: PatientRegions,
  keys: HourKeys,
  range: StoredRange,
  object: HourObject,
  owed: boolean,
): Promise<CheckedObject> {
  const wrong: Wrong[] = [];
  let good: Good | undefined;
  for (const store of regions.stores()) {
    regions.signal.throwIfAborted();
    try {
      const copy = await prove(regions, keys, range, store, good);
      if (good && copy.content !== good.content) throw other(good.region);
      good ??= copy;
    } catch (thrown) {
      regions.signal.throwIfAborted();
      if (!regions.unread.has(store.region)) wrong.push({ store, error: asDrError(thrown) });
    }
  }
  good ??= await olderGood(regions, keys, range, object);
  // a flipped bit may look like another format; the same in every region is one
  const isTooNew = wrong.every(({ error }) => error.code === 'FORMAT_TOO_NEW');
  const telling = wrong.find(({ error }) => !isDamage(error) && error.code !== 'FORMAT_TOO_NEW')?.error;
  if (!good && telling) throw telling;
  const whole = good && { header: good.header, hash: good.hash };
  const isLost = !good && regions.unread.size === 0 && !isTooNew;
  const checked = {
    key: object.key,
    bytes: good?.object.length ?? 0,
    whole,
    why: isLost ? whyOf(wrong) : undefined,
  };
  const damage: Damage[] = [];
  const healed: HealedCopy[] = [];
  for (const { store, error } of wrong) {
    if (error.code === 'NOT_FOUND' && !owed) continue;
    const { region } = store;
    const problem = error.code === 'NOT_FOUND' ? 'It is not there.' : error.message;
    if (!good) {
      damage.push({ region, segment: object.key, problem });
      continue;
    }
    const why = error.data['authentic'] ? problem : await writeAgain(regions, store, object, good.object);
    if (why === undefined) healed.push({ region, segment: object.key, problem, from: good.region });
    else damage.push({ region, segment: object.key, problem: why === problem ? problem : `${problem} ${why}` });
  }
  return { ...checked, damage, healed };
}

async function prove(
  regions: PatientRegions,
  keys: HourKeys,
  range: StoredRange,
  store: ObjectStore,
  known: Good | undefined,
  versionId?: string,
): Promise<Good> {
  const object = await regions.read(store, (asked) => asked.get(range.key, versionId));
  const hash = sha256(object);
  if (known?.hash === hash) return known;
  const name = provesItsName(range, object).key;
  const { header, entries } = await keys.decode(object, name);
  const { key: _key, ...said } = header;
  return {
    region: store.region,
    object,
    header,
    hash,
    content: sha256(Buffer.from(canonicalJson({ said, is: sha256(entries) }))),
  };
}

/** A version before the current one, or behind a delete marker: nobody reads it, and it may be whole. */
async function olderGood(
  regions: PatientRegions,
  keys: HourKeys,
  range: StoredRange,
  { versions }: HourObject,
): Promise<Good | undefined> {
  for (const store of regions.stores()) {
    for (const { versionId } of (versions.get(store.region) ?? []).filter(({ current }) => !current)) {
      try {
        return await prove(regions, keys, range, store, undefined, versionId);
      } catch {
        // the next one may be
        regions.signal.throwIfAborted();
      }
    }
  }
  return undefined;
}

function whyOf(wrong: readonly Wrong[]): LostWhy {
  if (wrong.every(({ error }) => error.code === 'NOT_FOUND')) return 'gone';
  return wrong.some(({ error }) => error.data['keyless']) ? 'keyless' : 'damaged';
}

/** Both authenticate and differ: only somebody who has the key can have made one of them, and nothing here says which. */
const other = (region: Region): DrError =>
  new DrError('BACKUP_DAMAGED', 'permanent', `It is authentic and has other content than the copy in ${region}.`, {
    data: { authentic: true },
  });

import { asDrError, type Region } from '#core';
import type { ObjectStore, Storage, StorageClass } from '#ports';
import { inParallel } from './in-parallel.ts';
import type { SegmentRecord } from './manifest.ts';
import type { Vault } from './vault.ts';

const AT_ONCE = 16;

/** A copy of a segment that has to be thawed before it can be read. */
export interface ColdCopy {
  readonly region: Region;
  readonly class: StorageClass;
  readonly state: Extract<Storage['state'], 'cold' | 'thawing'>;
  /** Of the version that is there: the one the manifest names, else the current one. */
  readonly versionId: string | undefined;
}

/** A segment that no region gives out now. */
export interface ColdSegment {
  readonly segment: SegmentRecord;
  readonly copies: readonly ColdCopy[];
}

/**
 * Of these segments those that can't be read at once in any region that answers, though there are copies of them. What is
 * missing altogether is not among them: reading says that better. Throws OBJECT_STORE_* only when no region answers.
 */
export async function coldSegments(
  { stores }: Pick<Vault, 'stores'>,
  segments: readonly SegmentRecord[],
  signal: AbortSignal,
): Promise<ColdSegment[]> {
  const looked = await inParallel(segments, AT_ONCE, async (segment): Promise<ColdSegment | undefined> => {
    signal.throwIfAborted();
    const copies: ColdCopy[] = [];
    const failures: unknown[] = [];
    for (const store of stores) {
      try {
        const found = await storageOf(store, segment);
        if (!found) continue;
        if (found.state === 'instant' || found.state === 'thawed') return undefined;
        copies.push({ region: store.region, class: found.class, state: found.state, versionId: found.versionId });
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length === stores.length) throw asDrError(failures[0]);
    return copies.length > 0 ? { segment, copies } : undefined;
  });
  return looked.filter((each) => each !== undefined);
}

async function storageOf(
  store: ObjectStore,
  { key, copies }: SegmentRecord,
): Promise<(Storage & { readonly versionId: string | undefined }) | undefined> {
  const named = copies[store.region];
  const head = named === undefined ? undefined : await store.head(key, named);
  if (head) return { ...head.storage, versionId: named };
  const current = await store.head(key);
  return current && { ...current.storage, versionId: undefined };
}

/**
 * Asks for readable copies, each in the first region that takes the request; those on their way already are left alone.
 * Throws what the last region says when none takes it.
 */
export async function thawSegments(
  { stores }: Pick<Vault, 'stores'>,
  cold: readonly ColdSegment[],
  days: number,
  signal: AbortSignal,
): Promise<void> {
  await inParallel(cold, AT_ONCE, async ({ segment, copies }) => {
    signal.throwIfAborted();
    if (copies.some(({ state }) => state === 'thawing')) return;
    let failure: unknown;
    for (const { region, versionId } of quickestFirst(copies)) {
      try {
        await stores.find((store) => store.region === region)?.thaw(segment.key, versionId, days);
        return;
      } catch (thrown) {
        failure = thrown;
      }
    }
    throw asDrError(failure);
  });
}

/** A region may have it in a warmer class than another. */
const quickestFirst = (copies: readonly ColdCopy[]): ColdCopy[] =>
  copies.toSorted((a, b) => Number(a.class === 'DEEP_ARCHIVE') - Number(b.class === 'DEEP_ARCHIVE'));

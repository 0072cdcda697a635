import { asDrError, DrError, type Region, sha256 } from '#core';
import type { ObjectLock, ObjectStore } from '#ports';
import { inParallel } from './in-parallel.ts';
import type { SegmentRecord } from './manifest.ts';
import { isUnavailable, type Vault } from './vault.ts';

/** Objects on their way at once; each is held in memory whole. */
const AT_ONCE = 3;

export interface Replicated {
  readonly segments: readonly SegmentRecord[];
  /** Regions in which every segment was read back and found equal; the first is home. */
  readonly regions: readonly Region[];
}

export interface ReplicateOptions {
  readonly vault: Vault;
  readonly segments: readonly SegmentRecord[];
  readonly lock: ObjectLock;
  readonly signal: AbortSignal;
  onCopied?(segment: SegmentRecord): void;
}

/**
 * Copies every segment from the home region to the others, and reads every copy back, home's included: what S3
 * holds is proved, not what we sent. A region that is out of reach, or refuses, is left out; throws BACKUP_INCOMPLETE
 * (transient) when no other region has everything, BACKUP_DAMAGED (permanent) when home's copy is not what was sent.
 */
export async function replicate({ vault, segments, lock, signal, onCopied }: ReplicateOptions): Promise<Replicated> {
  const [home, ...others] = vault.stores;
  const lost = new Map<Region, DrError>();
  const copied = await inParallel(segments, AT_ONCE, async (segment) => {
    signal.throwIfAborted();
    const object = await readBack(home, segment, segment.copies[home.region]);
    const copies = { ...segment.copies };
    await Promise.all(
      others.map(async (store) => {
        if (lost.has(store.region)) return;
        try {
          copies[store.region] = await copyTo(store, segment, object, lock);
        } catch (error) {
          lost.set(store.region, asDrError(error));
        }
      }),
    );
    onCopied?.(segment);
    return { ...segment, copies };
  });
  const regions = others.map((store) => store.region).filter((region) => !lost.has(region));
  if (regions.length === 0) throw incomplete([...lost.values()]);
  return { segments: copied, regions: [home.region, ...regions] };
}

async function copyTo(store: ObjectStore, segment: SegmentRecord, object: Buffer, lock: ObjectLock): Promise<string> {
  const { versionId } = await store.put(segment.key, object, {
    lock,
    ifAbsent: false,
    sha256: segment.sha256,
  });
  await readBack(store, segment, versionId);
  return versionId;
}

async function readBack(store: ObjectStore, segment: SegmentRecord, versionId: string | undefined): Promise<Buffer> {
  const object = await store.get(segment.key, versionId);
  if (sha256(object) === segment.sha256) return object;
  throw new DrError('BACKUP_DAMAGED', 'permanent', `${store.region} gave back other bytes than were written.`, {
    data: { key: segment.key, versionId },
    hint: 'Do not trust this bucket. Check its endpoint, then run the backup again.',
  });
}

function incomplete(causes: readonly DrError[]): DrError {
  const reasons = causes.map((cause) => cause.message).join(' ');
  const kind = causes.some(isUnavailable) ? 'transient' : 'permanent';
  return new DrError('BACKUP_INCOMPLETE', kind, `No second region has the whole backup. ${reasons}`, {
    cause: causes[0],
    data: { causes: causes.map(({ code, message, data }) => ({ code, message, ...data })) },
  });
}

import { z } from 'zod';
import type { RequestId } from '#core';
import type { RestoreTarget } from '#ports';
import type { Damage, Vault } from '#vault';
import { sizeIn } from './documents-in.ts';
import { refuseTaken } from './give-names.ts';
import { watchRoom } from './keep-room.ts';
import { restoreCollection } from './restore-collection.ts';
import { type PlannedCollection, planRestore, type Wanted } from './restore-plan.ts';
import { openPoint, type RestorePoint } from './restore-point.ts';
import { bucketsOf } from './time-series.ts';

/** A collection that stands beside its live one, or waits for its new name. Plain data: a workflow keeps it. */
export const BesideCollection = z.object({
  database: z.string(),
  /** The name it gets in the end. */
  name: z.string(),
  beside: z.string(),
  /** Of the beside collection: by it the swap knows, after a crash, what is where. */
  uuid: z.string(),
  /** A time-series collection: `uuid` is that of its buckets. It can't be renamed, so neither swapped. */
  timeSeries: z.literal(true).optional(),
  /** Of the collection it is a copy of: whether the live one of that name is still the same. */
  sourceUuid: z.string().optional(),
  /** To be switched on after the swap. */
  ttl: z.array(z.object({ index: z.string().optional(), expireAfterSeconds: z.number() })),
});
export type BesideCollection = z.output<typeof BesideCollection>;

export const RestoredBeside = z.object({
  collections: z.array(BesideCollection),
  refused: z.array(z.object({ namespace: z.string(), reason: z.string() })),
  /** Views of the choice, by namespace: to be made anew over what they read. */
  views: z.array(z.string()).optional(),
  /** Copies of the backup that were missing or damaged, and not needed in the end. */
  damage: z.array(z.object({ region: z.string(), segment: z.string(), problem: z.string() })),
});
export type RestoredBeside = z.output<typeof RestoredBeside>;

export interface RestoreProgress {
  readonly collections: { readonly done: number; readonly total: number };
  readonly documents: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  /** What is being restored now. */
  readonly current: string;
}

export interface RestoreBesideOptions extends Wanted {
  readonly vault: Vault;
  readonly point: RestorePoint;
  readonly target: RestoreTarget;
  readonly runId: RequestId;
  readonly onProgress?: (progress: RestoreProgress) => void;
  readonly signal: AbortSignal;
  /** Inserts on their way at once; default 3. */
  readonly writers?: number;
}

/**
 * Restores a moment's collections beside the live ones; nothing live is touched.
 * Idempotent by `runId`: collections that are whole are kept, one that a killed try left half is made again.
 * Throws BACKUP_DAMAGED, NOT_REPLAYABLE, KEY_REFUSED, RESTORE_MISMATCH, TARGET_EXISTS for a new name that is taken
 * (permanent), DISK_FULL (transient) before a disk of the target is, what `planRestore` throws, transient errors of the database or the buckets, or the signal's reason.
 */
export async function restoreBeside(options: RestoreBesideOptions): Promise<RestoredBeside> {
  const { vault, target, runId: run, signal } = options;
  const damage: Damage[] = [];
  const point = await openPoint(vault, options.point, (found) => damage.push(found));
  try {
    const plan = planRestore(point.catalog, run, options);
    if (options.naming) await refuseTaken(target, plan.collections);
    const sizeOf = ({ entry }: PlannedCollection) => sizeIn(point.chain, entry.uuid);
    const room = watchRoom(target, databasesOf(plan.collections));
    const progress = meter(plan.collections, sizeOf, options.onProgress);
    for (const planned of plan.collections) {
      signal.throwIfAborted();
      progress.start(planned);
      if (!(await isWhole(target, planned))) {
        const onDocuments = progress.add;
        await room.expect(sizeOf(planned).bytes);
        await restoreCollection({
          point,
          target,
          run,
          planned,
          room,
          signal,
          onDocuments,
          writers: options.writers ?? 3,
        });
      }
      progress.finish(planned);
    }
    const collections = await Promise.all(plan.collections.map((planned) => describe(target, planned)));
    return { collections, refused: [...plan.refused], views: [...plan.views], damage };
  } finally {
    await point.close();
  }
}

/** Where it goes, and where it came from: one of them exists. */
const databasesOf = (planned: readonly PlannedCollection[]): string[] => [
  ...new Set(planned.flatMap(({ entry, place }) => [place.database, entry.database])),
];

async function isWhole(target: RestoreTarget, { place, beside }: PlannedCollection): Promise<boolean> {
  return (await target.collections(place.database)).some(({ name }) => name === beside);
}

async function describe(
  target: RestoreTarget,
  { entry, place, beside, ttl, timeSeries }: PlannedCollection,
): Promise<BesideCollection> {
  const { database, name } = place;
  const holder = timeSeries ? bucketsOf({ database, name: beside }).name : beside;
  const found = (await target.collections(database)).find((each) => each.name === holder);
  const what = timeSeries ? { timeSeries } : {};
  return BesideCollection.parse({ database, name, beside, uuid: found?.uuid, ...what, sourceUuid: entry.uuid, ttl });
}

function meter(
  planned: readonly PlannedCollection[],
  sizeOf: (one: PlannedCollection) => { readonly documents: number; readonly bytes: number },
  tell: RestoreBesideOptions['onProgress'],
) {
  const documentsOf = (one: PlannedCollection): number => sizeOf(one).documents;
  const bytesOf = (one: PlannedCollection): number => sizeOf(one).bytes;
  const total = (pick: (one: PlannedCollection) => number): number => planned.reduce((sum, one) => sum + pick(one), 0);
  const collections = { done: 0, total: planned.length };
  const documents = { done: 0, total: total(documentsOf) };
  const bytes = { done: 0, total: total(bytesOf) };
  const before = { documents: 0, bytes: 0 };
  let current = '';
  const say = (): void =>
    tell?.({ collections: { ...collections }, documents: { ...documents }, bytes: { ...bytes }, current });
  return {
    start(one: PlannedCollection): void {
      current = one.namespace;
      before.documents = documents.done;
      before.bytes = bytes.done;
      say();
    },
    add(count: number, size: number): void {
      documents.done += count;
      bytes.done += size;
      say();
    },
    finish(one: PlannedCollection): void {
      collections.done += 1;
      documents.done = before.documents + documentsOf(one);
      bytes.done = before.bytes + bytesOf(one);
      say();
    },
  };
}

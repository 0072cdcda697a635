import { type Clock, DrError, formatBytes, formatCount, say, type Text } from '#core';
import { compareOplogTimes, type OplogTime, type ReadRange, type SourceCollection } from '#ports';
import { compareCatalogs, isCapped, nameOf } from './compare-catalogs.ts';
import type { Difference } from './difference.ts';
import { hashPart, type Pace, startPace } from './hash-part.ts';
import type { RebuildWorld } from './world.ts';

export interface CopyProof {
  readonly collections: number;
  readonly documents: number;
  readonly bytes: number;
  readonly differences: readonly Difference[];
  readonly unproved: readonly Difference[];
}

export interface Prover {
  readonly world: Pick<RebuildWorld, 'copies' | 'settings'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  report(progress: { readonly text: Text; readonly share?: number }): void;
}

/** A server keeps the past for five minutes: a part must be read in less, on a slow line too. */
const PART_BYTES = 256 * 1024 * 1024;
const PART_SECONDS = 60;
const TRIES = 3;

/**
 * Compares a member with the primary: descriptions, then for each part of each collection the number of documents and the
 * sum of their hashes, both read as they were at one cluster time. Never says equal of what was not read.
 */
export async function proveCopy(prover: Prover, host: string, primary: string): Promise<CopyProof> {
  const { settings } = prover.world;
  const pace = startPace(settings.readBytesPerSecond, prover.clock);
  const sum = { collections: 0, documents: 0, bytes: 0 };
  const differences: Difference[] = [];
  const unproved: Difference[] = [];
  for (const database of settings.databases) {
    const catalogs = await settledCatalogs(prover, host, primary, database);
    differences.push(...catalogs.differences);
    for (const { there } of catalogs.same) {
      prover.signal.throwIfAborted();
      const found = await compareCollection({ ...prover, pace }, there, host, primary);
      if (found.dropped) continue;
      sum.collections += 1;
      sum.documents += found.documents;
      sum.bytes += found.bytes;
      const what = found.what && { collection: nameOf(there), what: found.what };
      if (what) (isCapped(there) ? unproved : differences).push(what);
      const done = formatBytes(sum.bytes);
      prover.report({ text: say`${host}: ${formatCount(sum.documents)} documents compared, ${done}.` });
    }
  }
  return { ...sum, differences, unproved };
}

/** Descriptions have no time to be read at: what differs because it has just changed is alike a moment later. */
async function settledCatalogs({ world, clock, signal }: Prover, host: string, primary: string, database: string) {
  for (let look = 1; ; look += 1) {
    const [here, there] = await Promise.all([
      world.copies.catalog(host, database),
      world.copies.catalog(primary, database),
    ]);
    const compared = compareCatalogs(here, there);
    if (compared.differences.length === 0 || look === TRIES) return compared;
    await clock.sleep(world.settings.lookEveryMs, signal);
  }
}

interface Compared {
  readonly documents: number;
  readonly bytes: number;
  /** Undefined when equal. */
  readonly what: string | undefined;
  readonly dropped?: boolean;
}

async function compareCollection(
  prover: Prover & { readonly pace: Pace },
  collection: SourceCollection,
  host: string,
  primary: string,
): Promise<Compared> {
  let documents = 0;
  let bytes = 0;
  let otherwise = 0;
  let same = true;
  for (const range of await partsOf(prover, collection, primary)) {
    const pair = await hashedAlike(prover, collection, range, host, primary);
    if (!pair) return { documents: 0, bytes: 0, what: undefined, dropped: true };
    documents += pair.there.documents;
    bytes += pair.there.bytes;
    otherwise += pair.here.documents;
    same &&= pair.same;
  }
  if (same) return { documents, bytes, what: undefined };
  if (isCapped(collection)) return { documents, bytes, what: 'capped, and written while it was compared' };
  const counts = `${formatCount(otherwise)} documents, and ${formatCount(documents)} on ${primary}`;
  return { documents, bytes, what: otherwise === documents ? 'as many documents, but not the same' : counts };
}

async function partsOf(
  { world, pace }: { world: Prover['world']; pace: Pace },
  collection: SourceCollection,
  primary: string,
): Promise<ReadRange[]> {
  const partBytes = Math.min(PART_BYTES, pace.bytesPerSecond * PART_SECONDS);
  const parts = Math.ceil(collection.estimate.bytes / partBytes);
  const cuts = parts > 1 ? await world.copies.splitPoints(primary, collection, parts) : [];
  if (cuts.length === 0) return [{ kind: 'all' }];
  const ends = ['first' as const, ...cuts];
  return ends.map((from, index) => ({ kind: 'ids', from, to: ends[index + 1] ?? 'last' }) as ReadRange);
}

/** Both sides of one part at one time; undefined when the collection was dropped meanwhile. */
async function hashedAlike(
  prover: Prover & { readonly pace: Pace },
  collection: SourceCollection,
  range: ReadRange,
  host: string,
  primary: string,
) {
  const { world, pace, clock, signal } = prover;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const at = await timeOfBoth(prover, host, primary);
      const part = (of: string) => hashPart(world.copies.read(of, collection, range, at, signal), pace, signal);
      const [here, there] = await Promise.all([part(host), part(primary)]);
      const same = here.documents === there.documents && here.hash === there.hash;
      if (same || !isCapped(collection) || attempt === TRIES) return { here, there, same };
      await clock.sleep(world.settings.lookEveryMs, signal);
    } catch (thrown) {
      if (!(thrown instanceof DrError)) throw thrown;
      if (thrown.code === 'NOT_FOUND') return undefined;
      if (thrown.code !== 'SOURCE_CHANGED' || attempt === TRIES) throw thrown;
    }
  }
}

/** A member refuses to be read at a time that it has not heard of; the newest of the primary may be a moment ahead of it. */
async function timeOfBoth({ world, clock, signal }: Prover, host: string, primary: string): Promise<OplogTime> {
  const at = await world.copies.majorityTime(primary);
  while (compareOplogTimes(await world.copies.majorityTime(host), at) < 0) {
    await clock.sleep(world.settings.lookEveryMs, signal);
  }
  return at;
}

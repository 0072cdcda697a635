import { createTurns, DrError, Sha256 } from '#core';
import type { ObjectLock, OplogTime } from '#ports';
import type { DataKey } from './data-key.ts';
import { type BackupPlace, NONCE_BYTES, type SegmentKind, segmentContext } from './format.ts';
import type { SegmentRecord } from './manifest.ts';
import { segmentKey } from './object-keys.ts';
import type { Sealed, Sealer, WorkingBuffer } from './sealer.ts';
import type { Tally } from './tally.ts';
import type { Vault } from './vault.ts';

/** What an oplog segment holds, known to who filled it. */
export interface OplogContents {
  readonly entries: number;
  readonly first: OplogTime;
  readonly last: OplogTime;
}

/**
 * Takes full working buffers, seals and writes them to the home region in the background. There are a fixed number
 * of buffers and of uploads, so a slow store slows the reader instead of filling the memory. The first failure ends it: every later
 * call throws that failure.
 */
export interface SegmentSink {
  /** From this size on a segment is full enough to seal. */
  readonly fullBytes: number;
  /** An empty buffer; waits until one is free. */
  take(): Promise<WorkingBuffer>;
  /** Gives a buffer back unused. */
  giveBack(buffer: WorkingBuffer): void;
  /** Answers with the segment's index. */
  writeDocuments(buffer: WorkingBuffer, length: number): number;
  writeOplog(buffer: WorkingBuffer, length: number, contents: OplogContents): number;
  /**
   * Waits for all that was written. Segments by kind and index, those it began with among them; what each collection's
   * documents sum up to.
   */
  finish(): Promise<{ segments: SegmentRecord[]; tallies: Tally[] }>;
  storedBytes(): number;
}

/**
 * One reply of the source, 16 MiB and a little, must fit into an empty buffer. Pages are touched only as far as a
 * buffer is filled.
 */
export const BUFFER_BYTES = 17 * 1024 * 1024;

const FULL_BYTES = 12 * 1024 * 1024;

/** Sealed segments on their way at once. */
const UPLOADS = 3;

/** A segment in the home region, and what its documents sum up to. */
export interface StoredSegment {
  readonly record: SegmentRecord;
  readonly tallies: readonly Tally[];
}

export interface SinkOptions {
  readonly vault: Vault;
  readonly place: BackupPlace;
  readonly attempt: string;
  /** Perhaps still being made: what is read meanwhile waits in its buffers. */
  readonly key: DataKey | Promise<DataKey>;
  readonly lock: ObjectLock;
  readonly sealer: Sealer;
  readonly buffers: number;
  /** Default 12 MiB: larger ones compress no better, and are held in memory twice on their way; smaller ones cost more requests. */
  readonly fullBytes?: number;
  /** What an interrupted try of the same attempt left that counts. */
  readonly already?: readonly StoredSegment[];
  /** No index under these was or will be given out: an object of that name may be there. */
  readonly firstIndex?: { readonly documents: number; readonly oplog: number };
  readonly onStored?: (segment: StoredSegment) => void;
}

export function openSegmentSink(options: SinkOptions): SegmentSink {
  const { vault, place, attempt, key, lock, sealer } = options;
  const [home] = vault.stores;
  const free: WorkingBuffer[] = [];
  const waiting: { resolve(buffer: WorkingBuffer): void; reject(error: unknown): void }[] = [];
  const uploads = createTurns(UPLOADS);
  const running = new Set<Promise<void>>();
  const done: StoredSegment[] = [...(options.already ?? [])];
  const nextIndex = { documents: 0, oplog: 0, ...options.firstIndex };
  let given = done.length;
  let made = 0;
  let stored = done.reduce((sum, { record }) => sum + record.storedBytes, 0);
  let failure: { error: unknown } | undefined;

  const giveBack = (buffer: WorkingBuffer): void => {
    const first = waiting.shift();
    if (first) first.resolve(buffer);
    else free.push(buffer);
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  const write = (
    kind: SegmentKind,
    plain: WorkingBuffer,
    length: number,
    record: (common: Common, sealed: Sealed) => SegmentRecord,
  ): number => {
    const index = nextIndex[kind]++;
    given += 1;
    const work = async (): Promise<void> => {
      const context = segmentContext(place, kind, index);
      const order = {
        plain,
        length,
        key: (await key).bytes,
        nonce: vault.random(NONCE_BYTES),
        context,
        tally: kind === 'documents',
      };
      const sealed = await sealer.seal(order);
      const name = segmentKey(place, attempt, kind, index);
      const hash = Sha256.parse(sealed.sha256);
      const { versionId } = await uploads.take(() => {
        // Not before its upload begins: otherwise a slow store would let sealed segments pile up in memory.
        giveBack(plain);
        return home.put(name, sealed.object, { lock, ifAbsent: true, sha256: hash });
      });
      stored += sealed.object.length;
      const common = {
        index,
        key: name,
        plainBytes: length,
        storedBytes: sealed.object.length,
        sha256: hash,
      };
      const { tallies } = sealed;
      const segment = { record: record({ ...common, copies: { [home.region]: versionId } }, sealed), tallies };
      done.push(segment);
      options.onStored?.(segment);
    };
    const task = work()
      .catch(fail)
      .finally(() => running.delete(task));
    running.add(task);
    return index;
  };

  return {
    fullBytes: options.fullBytes ?? FULL_BYTES,
    giveBack,
    async take() {
      if (failure) throw failure.error;
      const ready = free.pop();
      if (ready) return ready;
      if (made < options.buffers) {
        made += 1;
        return new Uint8Array(new SharedArrayBuffer(BUFFER_BYTES));
      }
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    writeDocuments: (buffer, length) =>
      write('documents', buffer, length, (common, sealed) => ({
        ...common,
        kind: 'documents',
        contents: sealed.tallies.map(({ collection, documents, bytes }) => ({ collection, documents, bytes })),
      })),
    writeOplog: (buffer, length, contents) =>
      write('oplog', buffer, length, (common) => ({ ...common, kind: 'oplog', ...contents })),
    async finish() {
      while (running.size > 0) await Promise.all(running);
      if (failure) throw failure.error;
      if (given !== done.length) throw lostSegment();
      const segments = done
        .map(({ record }) => record)
        .toSorted((a, b) => (a.kind === b.kind ? a.index - b.index : a.kind < b.kind ? -1 : 1));
      return { segments, tallies: done.flatMap(({ tallies }) => tallies) };
    },
    storedBytes: () => stored,
  };
}

type Common = Pick<SegmentRecord, 'index' | 'key' | 'plainBytes' | 'storedBytes' | 'sha256' | 'copies'>;

const lostSegment = (): DrError => new DrError('UNEXPECTED', 'bug', 'A segment was given out and never written.');

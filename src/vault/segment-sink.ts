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
  /** An empty buffer; waits until one is free. */
  take(): Promise<WorkingBuffer>;
  /** Gives a buffer back unused. */
  giveBack(buffer: WorkingBuffer): void;
  writeDocuments(buffer: WorkingBuffer, length: number): void;
  writeOplog(buffer: WorkingBuffer, length: number, contents: OplogContents): void;
  /** Waits for all that was written. Segments by kind and index; what each collection's documents sum up to. */
  finish(): Promise<{ segments: SegmentRecord[]; tallies: Tally[] }>;
  storedBytes(): number;
}

/**
 * One reply of the source, 16 MiB and a little, must fit into an empty buffer. Pages are touched only as far as a
 * buffer is filled.
 */
export const BUFFER_BYTES = 17 * 1024 * 1024;

/** Sealed segments on their way at once. */
const UPLOADS = 3;

export interface SinkOptions {
  readonly vault: Vault;
  readonly place: BackupPlace;
  readonly attempt: string;
  readonly key: DataKey;
  readonly lock: ObjectLock;
  readonly sealer: Sealer;
  readonly buffers: number;
}

export function openSegmentSink(options: SinkOptions): SegmentSink {
  const { vault, place, attempt, key, lock, sealer } = options;
  const [home] = vault.stores;
  const free: WorkingBuffer[] = [];
  const waiting: { resolve(buffer: WorkingBuffer): void; reject(error: unknown): void }[] = [];
  const uploads = createTurns(UPLOADS);
  const running = new Set<Promise<void>>();
  const segments: SegmentRecord[] = [];
  const tallies: Tally[] = [];
  const nextIndex = { documents: 0, oplog: 0 };
  let made = 0;
  let stored = 0;
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
  ): void => {
    const index = nextIndex[kind]++;
    const work = async (): Promise<void> => {
      const context = segmentContext(place, kind, index);
      const order = {
        plain,
        length,
        key: key.bytes,
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
      tallies.push(...sealed.tallies);
      const common = {
        index,
        key: name,
        plainBytes: length,
        storedBytes: sealed.object.length,
        sha256: hash,
      };
      segments.push(record({ ...common, copies: { [home.region]: versionId } }, sealed));
    };
    const task = work()
      .catch(fail)
      .finally(() => running.delete(task));
    running.add(task);
  };

  return {
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
      if (nextIndex.documents + nextIndex.oplog !== segments.length) throw lostSegment();
      const ordered = segments.toSorted((a, b) => (a.kind === b.kind ? a.index - b.index : a.kind < b.kind ? -1 : 1));
      return { segments: ordered, tallies };
    },
    storedBytes: () => stored,
  };
}

type Common = Pick<SegmentRecord, 'index' | 'key' | 'plainBytes' | 'storedBytes' | 'sha256' | 'copies'>;

const lostSegment = (): DrError => new DrError('UNEXPECTED', 'bug', 'A segment was given out and never written.');

import type { Clock } from '#core';
import type { StoredSegment } from '#vault';
import type { Reading } from './reading.ts';

/** How far a backup is. Totals are the server's estimates: they may be passed. */
export interface SnapshotProgress {
  readonly phase: 'reading' | 'copying';
  readonly collections: { readonly done: number; readonly total: number };
  readonly documents: { readonly done: number; readonly estimated: number };
  readonly bytes: { readonly done: number; readonly estimated: number };
  /** Of `bytes.done`, what a process that was interrupted had read; 0 where none was. */
  readonly bytesBefore: number;
  readonly bytesPerSecond: number;
  /** After compression and encryption, in the home region. */
  readonly storedBytes: number;
  /** Segments that another region has, of those there are. */
  readonly copied: { readonly done: number; readonly total: number };
}

/** A status message is edited at most this often anyway; the reader must not pay for more. */
const EVERY_MS = 250;

/** Counts, and tells at most four times a second and at each change of phase. */
export class ProgressMeter {
  readonly #clock: Clock;
  readonly #tell: (progress: SnapshotProgress) => void;
  readonly #startedMs: number;
  #readMs: number | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;
  #bytesBefore = 0;
  phase: SnapshotProgress['phase'] = 'reading';
  collections = { done: 0, total: 0 };
  documents = { done: 0, estimated: 0 };
  bytes = { done: 0, estimated: 0 };
  copied = { done: 0, total: 0 };
  storedBytes: () => number = () => 0;

  constructor(clock: Clock, tell: (progress: SnapshotProgress) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#startedMs = clock.monotonicMs();
  }

  /** About how much there is to read. */
  expect(parts: readonly { readonly documents: number; readonly bytes: number }[]): void {
    this.documents.estimated = parts.reduce((sum, { documents }) => sum + documents, 0);
    this.bytes.estimated = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Counts what an interrupted process has read. The speed is only of what this one reads. */
  goOn(readings: readonly Reading[], segments: readonly StoredSegment[]): void {
    const numbers = new Set(readings.map(({ number }) => number));
    for (const { collection, documents, bytes } of segments.flatMap(({ tallies }) => tallies)) {
      if (!numbers.has(collection)) continue;
      this.documents.done += documents;
      this.bytes.done += bytes;
    }
    this.#bytesBefore = this.bytes.done;
    this.collections.done = readings.filter(({ state }) => state === 'done').length;
  }

  addBatch(documents: number, bytes: number): void {
    this.documents.done += documents;
    this.bytes.done += bytes;
    this.tell();
  }

  startCopying(segments: number): void {
    this.#readMs = this.#clock.monotonicMs() - this.#startedMs;
    this.phase = 'copying';
    this.copied.total = segments;
    this.tell({ now: true });
  }

  tell(options: { now: boolean } = { now: false }): void {
    const nowMs = this.#clock.monotonicMs();
    if (!options.now && nowMs - this.#toldMs < EVERY_MS) return;
    this.#toldMs = nowMs;
    const seconds = (this.#readMs ?? nowMs - this.#startedMs) / 1000;
    this.#tell({
      phase: this.phase,
      collections: { ...this.collections },
      documents: { ...this.documents },
      bytes: { ...this.bytes },
      bytesBefore: this.#bytesBefore,
      bytesPerSecond: seconds > 0 ? (this.bytes.done - this.#bytesBefore) / seconds : 0,
      storedBytes: this.storedBytes(),
      copied: { ...this.copied },
    });
  }
}

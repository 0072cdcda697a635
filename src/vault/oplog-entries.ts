import type { OplogTime } from '#ports';
import type { WorkingBuffer } from './sealer.ts';
import { BUFFER_BYTES, type SegmentSink } from './segment-sink.ts';

/** Sealed at this size, so that a segment of the oplog is never long in memory only. */
const FULL_BYTES = 8 * 1024 * 1024;

/** The open oplog segment of a backup. Entries keep their order; a segment ends anywhere between two. */
export class OplogEntries {
  readonly #sink: SegmentSink;
  #buffer: WorkingBuffer | undefined;
  #length = 0;
  #entries = 0;
  #first: OplogTime | undefined;
  #last: OplogTime | undefined;

  constructor(sink: SegmentSink) {
    this.#sink = sink;
  }

  /** Copies one entry in. */
  async append(entry: Buffer, at: OplogTime): Promise<void> {
    if (this.#length + entry.length > BUFFER_BYTES) this.flush();
    this.#buffer ??= await this.#sink.take();
    this.#buffer.set(entry, this.#length);
    this.#length += entry.length;
    this.#entries += 1;
    this.#first ??= at;
    this.#last = at;
    if (this.#length >= FULL_BYTES) this.flush();
  }

  /** Hands the segment on, however little is in it. */
  flush(): void {
    if (!this.#buffer || !this.#first || !this.#last) return;
    this.#sink.writeOplog(this.#buffer, this.#length, { entries: this.#entries, first: this.#first, last: this.#last });
    this.#buffer = undefined;
    this.#length = 0;
    this.#entries = 0;
    this.#first = undefined;
    this.#last = undefined;
  }
}

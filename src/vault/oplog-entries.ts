import type { OplogTime } from '#ports';
import type { WorkingBuffer } from './sealer.ts';
import { BUFFER_BYTES, type SegmentSink } from './segment-sink.ts';

/**
 * The open oplog segment of a backup. Entries keep their order; a segment ends anywhere between two. `onSegment` is told
 * its index.
 */
export class OplogEntries {
  readonly #sink: SegmentSink;
  readonly #onSegment: (index: number) => void;
  #buffer: WorkingBuffer | undefined;
  #length = 0;
  #entries = 0;
  #first: OplogTime | undefined;
  #last: OplogTime | undefined;

  constructor(sink: SegmentSink, onSegment: (index: number) => void = () => undefined) {
    this.#sink = sink;
    this.#onSegment = onSegment;
  }

  get isEmpty(): boolean {
    return this.#entries === 0;
  }

  /** Whether it is time to hand the segment on. */
  get isFull(): boolean {
    return this.#length >= this.#sink.fullBytes;
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
  }

  /** Hands the segment on, however little is in it. */
  flush(): void {
    if (!this.#buffer || !this.#first || !this.#last) return;
    const contents = { entries: this.#entries, first: this.#first, last: this.#last };
    this.#onSegment(this.#sink.writeOplog(this.#buffer, this.#length, contents));
    this.#buffer = undefined;
    this.#length = 0;
    this.#entries = 0;
    this.#first = undefined;
    this.#last = undefined;
  }
}

import { BLOCK_HEADER_BYTES, writeBlockHeader } from './blocks.ts';
import type { WorkingBuffer } from './sealer.ts';
import { BUFFER_BYTES, type SegmentSink } from './segment-sink.ts';

/** Full enough to seal. Larger segments compress no better, and every one on its way is held in memory twice. */
const FULL_BYTES = 8 * 1024 * 1024;

/** One reader's open documents segment. Small collections share a segment; a large one fills many. */
export class DocumentBlocks {
  readonly #sink: SegmentSink;
  #buffer: WorkingBuffer | undefined;
  #length = 0;

  constructor(sink: SegmentSink) {
    this.#sink = sink;
  }

  /** Copies a batch in; it may be reused at once. */
  async append(collection: number, documents: Buffer): Promise<void> {
    if (documents.length === 0) return;
    const needed = BLOCK_HEADER_BYTES + documents.length;
    if (this.#length > 0 && this.#length + needed > BUFFER_BYTES) this.flush();
    this.#buffer ??= await this.#sink.take();
    const into = Buffer.from(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.byteLength);
    writeBlockHeader(into, this.#length, collection, documents.length);
    documents.copy(into, this.#length + BLOCK_HEADER_BYTES);
    this.#length += needed;
    if (this.#length >= FULL_BYTES) this.flush();
  }

  /** Hands the segment on, however little is in it. */
  flush(): void {
    if (this.#buffer && this.#length > 0) this.#sink.writeDocuments(this.#buffer, this.#length);
    else if (this.#buffer) this.#sink.giveBack(this.#buffer);
    this.#buffer = undefined;
    this.#length = 0;
  }
}

import { BLOCK_HEADER_BYTES, writeBlockHeader } from './blocks.ts';
import type { WorkingBuffer } from './sealer.ts';
import { BUFFER_BYTES, type SegmentSink } from './segment-sink.ts';

/** Told of each segment: its index, and the marks of everything in it and in those before it that were not told yet. */
export type OnSegment<Mark> = (index: number, marks: readonly Mark[]) => void;

/** One reader's open documents segment. Small collections share a segment; a large one fills many. */
export class DocumentBlocks<Mark = never> {
  readonly #sink: SegmentSink;
  readonly #onSegment: OnSegment<Mark>;
  #marks: Mark[] = [];
  #buffer: WorkingBuffer | undefined;
  #length = 0;

  constructor(sink: SegmentSink, onSegment: OnSegment<Mark> = () => undefined) {
    this.#sink = sink;
    this.#onSegment = onSegment;
  }

  /** Copies a batch in; it may be reused at once. The batch is never divided, so that its mark is true of a segment. */
  async append(collection: number, documents: Buffer, mark?: Mark): Promise<void> {
    if (documents.length === 0) return;
    const needed = BLOCK_HEADER_BYTES + documents.length;
    if (this.#length > 0 && this.#length + needed > BUFFER_BYTES) this.flush();
    this.#buffer ??= await this.#sink.take();
    const into = Buffer.from(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.byteLength);
    writeBlockHeader(into, this.#length, collection, documents.length);
    documents.copy(into, this.#length + BLOCK_HEADER_BYTES);
    this.#length += needed;
    if (mark !== undefined) this.mark(mark);
    if (this.#length >= this.#sink.fullBytes) this.flush();
  }

  /** Says something of all that was appended so far. */
  mark(mark: Mark): void {
    this.#marks.push(mark);
  }

  /** Hands the segment on, however little is in it. */
  flush(): void {
    if (this.#buffer && this.#length > 0) {
      const index = this.#sink.writeDocuments(this.#buffer, this.#length);
      this.#onSegment(index, this.#marks);
      this.#marks = [];
    } else if (this.#buffer) this.#sink.giveBack(this.#buffer);
    this.#buffer = undefined;
    this.#length = 0;
  }
}

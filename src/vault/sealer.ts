import { Worker } from 'node:worker_threads';
import { DrError, sha256 } from '#core';
import { sealSegment } from './seal.ts';
import { type Tally, tallyOf } from './tally.ts';

/** Memory that threads share. Unlike memory that is moved to another thread, it costs no collection of garbage there. */
export type WorkingBuffer = Uint8Array<SharedArrayBuffer>;

/** One segment to seal. `plain` is lent, `length` bytes of it: it must stay as it is until the result is there. */
export interface SealOrder {
  readonly plain: WorkingBuffer;
  readonly length: number;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly context: Uint8Array;
  /** Count and hash the documents too; entries of the oplog are not counted by collection. */
  readonly tally: boolean;
}

export interface Sealed {
  readonly object: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly tallies: readonly Tally[];
}

/** Does the work of a processor's time on a segment: tally, compress, encrypt, decrypt, compare, hash. */
export interface Sealer {
  seal(order: SealOrder): Promise<Sealed>;
  close(): Promise<void>;
}

/** The work itself, in whichever thread. */
export function sealNow(order: SealOrder): Sealed {
  const plain = Buffer.from(order.plain.buffer, order.plain.byteOffset, order.length);
  const object = sealSegment(plain, order.key, order.nonce, order.context);
  return { object, sha256: sha256(object), tallies: order.tally ? tallyOf(plain) : [] };
}

/** In this thread: for little data and for tests. */
export const inlineSealer = (): Sealer => ({ seal: async (order) => sealNow(order), close: async () => undefined });

interface Waiting {
  resolve(sealed: Sealed): void;
  reject(error: unknown): void;
}

/**
 * In threads of their own, so that reading the source never waits for the cipher. A thread that dies fails what it
 * was given; nothing is lost, because a backup without its segment is never committed.
 */
export function threadedSealer(threads: number): Sealer {
  const lanes = Array.from({ length: threads }, openLane);
  let next = 0;
  return {
    seal(order) {
      next = (next + 1) % lanes.length;
      const lane = lanes[next];
      if (!lane) throw new DrError('UNEXPECTED', 'bug', 'A sealer needs at least one thread.');
      return lane.seal(order);
    },
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.worker.terminate()));
    },
  };
}

function openLane(): { worker: Worker; seal(order: SealOrder): Promise<Sealed> } {
  const worker = new Worker(new URL('./seal-thread.ts', import.meta.url));
  const queue: Waiting[] = [];
  worker.unref();
  worker.on('message', (answer: { sealed: Sealed } | { problem: string }) => {
    const waiting = queue.shift();
    if ('sealed' in answer) waiting?.resolve(answer.sealed);
    else waiting?.reject(new DrError('UNEXPECTED', 'bug', answer.problem));
  });
  worker.on('error', (cause) => {
    for (const waiting of queue.splice(0)) waiting.reject(cause);
  });
  return {
    worker,
    seal: (order) =>
      new Promise<Sealed>((resolve, reject) => {
        queue.push({ resolve, reject });
        worker.postMessage(order);
      }),
  };
}

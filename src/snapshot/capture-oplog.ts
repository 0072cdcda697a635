import { DrError, documentsOf, type RawDocument } from '#core';
import { compareOplogTimes, type OplogSource, type OplogTime } from '#ports';
import { type Databases, earlierParts, entryTime, isKept, OplogEntries, type SegmentSink, swappedIn } from '#vault';
import type { Checkpoints } from './checkpoints.ts';

export interface CaptureOptions {
  readonly oplog: OplogSource;
  /** Where the backup's oplog begins, exclusive. */
  readonly from: OplogTime;
  /** Through where an interrupted process captured it already; `from` when none did. */
  readonly reached: OplogTime;
  readonly databases: Databases;
  readonly sink: SegmentSink;
  readonly signal: AbortSignal;
  readonly checkpoints: Checkpoints | undefined;
}

export interface OplogCapture {
  /** Captures through `end`, inclusive, and seals what it has. Throws what went wrong at any time since the start. */
  finish(end: OplogTime): Promise<void>;
  /** Ends it without a result. */
  stop(): Promise<void>;
}

/**
 * Captures the oplog while the collections are read: a snapshot that takes hours must not depend on how far the
 * oplog reaches back at its end. Entries out of scope and no-ops are left out, everything else is kept as it is.
 */
export function captureOplog(options: CaptureOptions): OplogCapture {
  const halt = new AbortController();
  const state: CaptureState = { end: undefined, reached: options.reached, waits: false, within: false };
  const entries = new OplogEntries(options.sink, (index) => {
    options.checkpoints?.oplog.fill(index, state.within ? [] : [state.reached]);
  });
  const signal = AbortSignal.any([options.signal, halt.signal]);
  const work = capture(options, entries, state, signal);
  // looked at in `finish`; until then a failure must not end the process as unhandled
  work.catch(() => undefined);
  return {
    async finish(end) {
      state.end = end;
      // a quiet oplog's cursor answers after a second: what it waits for is not part of this
      if (state.waits && compareOplogTimes(state.reached, end) >= 0) halt.abort();
      else await work;
      entries.flush();
    },
    async stop() {
      halt.abort();
      await work.catch(() => undefined);
    },
  };
}

interface CaptureState {
  /** Through where, once that is known. */
  end: OplogTime | undefined;
  /** Everything through it was taken. */
  reached: OplogTime;
  /** For the next batch; none comes any more once the signal is given. */
  waits: boolean;
  /** Between the parts of one transaction: what is handed on then ends at no position. */
  within: boolean;
}

async function capture(
  { oplog, from, databases, checkpoints }: CaptureOptions,
  entries: OplogEntries,
  state: CaptureState,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of oplog.follow(state.reached, signal)) {
    state.waits = false;
    for (const entry of documentsOf(batch)) {
      const at = entryTime(entry);
      if (state.end && compareOplogTimes(at, state.end) > 0) return;
      // the reading starts after this one: it is there to show that nothing is missing in between
      if (compareOplogTimes(at, state.reached) > 0 && isKept(entry, databases)) {
        refuseSwap(entry);
        state.within = true;
        for (const earlier of await earlierParts(oplog.entryAt, entry, from)) await entries.append(earlier, at);
        await entries.append(entry, at);
        state.within = false;
      }
      state.reached = at;
      if (entries.isFull) entries.flush();
    }
    if (checkpoints?.oplogDue()) {
      if (entries.isEmpty) checkpoints.oplog.pass(state.reached);
      else entries.flush();
    }
    if (state.end && compareOplogTimes(state.reached, state.end) >= 0) return;
    state.waits = true;
  }
}

/** A restored collection that is swapped in was not read, being a copy until then: the backup would lack it. */
function refuseSwap(entry: RawDocument): void {
  const name = swappedIn(entry);
  if (name === undefined) return;
  throw new DrError('SOURCE_CHANGED', 'transient', `${name} was swapped in while the backup was taken.`, {
    hint: 'Take the backup again: it follows by itself after a swap.',
  });
}

import {
  DrError,
  documentOf,
  documentsOf,
  elementOf,
  elementsOf,
  type RawDocument,
  requiredElement,
  stringOf,
} from '#core';
import { compareOplogTimes, type OplogSource, type OplogTime } from '#ports';
import { type Databases, inScope, OplogEntries, OURS, type SegmentSink, TRANSACTIONS } from '#vault';

export interface CaptureOptions {
  readonly oplog: OplogSource;
  readonly from: OplogTime;
  readonly databases: Databases;
  readonly sink: SegmentSink;
  readonly signal: AbortSignal;
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
  const entries = new OplogEntries(options.sink);
  const aim: { end: OplogTime | undefined } = { end: undefined };
  const signal = AbortSignal.any([options.signal, halt.signal]);
  const work = capture(options, entries, aim, signal);
  // looked at in `finish`; until then a failure must not end the process as unhandled
  work.catch(() => undefined);
  return {
    async finish(end) {
      aim.end = end;
      await work;
      entries.flush();
    },
    async stop() {
      halt.abort();
      await work.catch(() => undefined);
    },
  };
}

async function capture(
  { oplog, from, databases }: CaptureOptions,
  entries: OplogEntries,
  aim: { readonly end: OplogTime | undefined },
  signal: AbortSignal,
): Promise<void> {
  let reached = from;
  for await (const batch of oplog.follow(from, signal)) {
    for (const entry of documentsOf(batch)) {
      const at = timeOf(entry, 'ts');
      if (aim.end && compareOplogTimes(at, aim.end) > 0) return;
      reached = at;
      // the reading starts after this one: it is there to show that nothing is missing in between
      if (compareOplogTimes(at, from) <= 0) continue;
      if (!isKept(entry, databases)) continue;
      for (const earlier of await earlierParts(oplog, entry, from)) await entries.append(earlier, at);
      await entries.append(entry, at);
    }
    if (aim.end && compareOplogTimes(reached, aim.end) >= 0) return;
  }
}

/**
 * The parts of a transaction that were written before the capture began, for an entry that goes on with one or ends
 * it: they have an effect only now, at the commit. Oldest first.
 */
async function earlierParts(oplog: OplogSource, entry: RawDocument, from: OplogTime): Promise<RawDocument[]> {
  const parts: RawDocument[] = [];
  for (let part = entry; continuesTransaction(part); ) {
    const before = timeOf(documentOf(requiredElement(part, 'prevOpTime')), 'ts');
    if (before.seconds === 0 || compareOplogTimes(before, from) > 0) break;
    part = await oplog.entryAt(before);
    parts.unshift(part);
  }
  return parts;
}

/** A retryable write has a predecessor too, but stands for itself; so does a batch of them (`multiOpType`). */
function continuesTransaction(entry: RawDocument): boolean {
  if (stringOf(requiredElement(entry, 'op')) !== 'c' || !elementOf(entry, 'prevOpTime')) return false;
  if (elementOf(entry, 'multiOpType')) return false;
  const [command] = elementsOf(documentOf(requiredElement(entry, 'o')));
  return command?.name === 'applyOps' || command?.name === 'commitTransaction';
}

function timeOf(document: RawDocument, field: string): OplogTime {
  const ts = requiredElement(document, field);
  return { increment: ts.bytes.readUInt32LE(0), seconds: ts.bytes.readUInt32LE(4) };
}

function isKept(entry: RawDocument, databases: Databases): boolean {
  const operation = stringOf(requiredElement(entry, 'op'));
  if (operation === 'n') return false;
  const namespace = stringOf(requiredElement(entry, 'ns'));
  if (namespace !== TRANSACTIONS && !inScope(databases, namespace)) return false;
  if (operation === 'c') refuseSwap(documentOf(requiredElement(entry, 'o')));
  return true;
}

/** A restored collection that is swapped in was not read, being a copy until then: the backup would lack it. */
function refuseSwap(command: RawDocument): void {
  const [first] = elementsOf(command);
  const to = elementOf(command, 'to');
  if (first?.name !== 'renameCollection' || !to) return;
  const nameOf = (namespace: string): string => namespace.slice(namespace.indexOf('.') + 1);
  if (nameOf(stringOf(first)).startsWith(OURS) && !nameOf(stringOf(to)).startsWith(OURS)) {
    throw new DrError('SOURCE_CHANGED', 'transient', `${stringOf(to)} was swapped in while the backup was taken.`, {
      hint: 'Take the backup again: it follows by itself after a swap.',
    });
  }
}

import { asDrError, DrError } from '#core';
import { compareOplogTimes, type OplogSource, type OplogTime, type ServerKind, type SnapshotSource } from '#ports';
import type { Databases, Manifest, SegmentSink } from '#vault';
import { captureOplog } from './capture-oplog.ts';
import { changedSince } from './changed-since.ts';
import type { Begun } from './checkpoint.ts';
import type { Checkpoints } from './checkpoints.ts';
import { chooseReading } from './choose-reading.ts';
import { dumpChanges } from './dump-changes.ts';
import { type DumpedCollection, dumpCollections, readingsOf } from './dump-collections.ts';
import type { Interrupted } from './find-interrupted.ts';
import type { ProgressMeter } from './progress.ts';
import { readScope, type Scope } from './scope.ts';
import type { SnapshotOptions } from './snapshot-options.ts';

export interface ReadOptions {
  readonly source: SnapshotSource;
  readonly oplog: OplogSource;
  readonly databases: Databases;
  /** Only what changed since it was read, where there is one. */
  readonly parent: Manifest | undefined;
  /** A collection of which a larger share changed is read whole. */
  readonly wholeFrom: number;
  readonly readers: number;
  readonly sink: SegmentSink;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  readonly startedAt: Date;
  readonly lock: SnapshotOptions['lock'];
  /** A try of the same backup that a crash ended, where there is one to go on with. */
  readonly interrupted: Interrupted | undefined;
  /** Where how far it comes is written down; not for backups of changes, which are soon taken again. */
  readonly checkpoints: Checkpoints | undefined;
}

/** What the reading settles: the scope, where each collection went, and the window of the oplog that belongs to it. */
export interface ReadSource {
  readonly scope: Scope;
  readonly dumped: readonly DumpedCollection[];
  readonly rollbackId: number;
  readonly member: string;
  readonly servers: ServerKind;
  readonly window: { readonly start: OplogTime; readonly end: OplogTime };
}

/**
 * Reads the documents, and the oplog of the time it takes. Throws SOURCE_CHANGED (transient when reading again helps;
 * permanent when the oplog no longer reaches back to where the parent was read), and what source and sink throw.
 */
export async function readSource(options: ReadOptions): Promise<ReadSource> {
  const { source, oplog, databases, parent, sink, signal, interrupted, checkpoints } = options;
  const [rollbackId, servers] = await Promise.all([source.rollbackId(), source.serverKind()]);
  const start = interrupted?.begun.start ?? (await source.majorityTime());
  const reached = interrupted?.reached ?? start;
  if (parent && compareOplogTimes(start, parent.header.window.end) < 0) throw behind(source.member, parent);
  const capture = captureOplog({ oplog, from: start, reached, databases, sink, signal, checkpoints });
  try {
    const scope = interrupted?.begun.scope ?? (await readScope(source, databases));
    const dumped = await dump(options, { scope, start, reached, rollbackId });
    // nothing that was read or seen of the catalog is newer than what this member has applied
    const end = await source.appliedTime();
    await capture.finish(end);
    if ((await source.rollbackId()) !== rollbackId) throw rolledBack(source.member);
    return { scope, dumped, rollbackId, member: source.member, servers, window: { start, end } };
  } catch (error) {
    await capture.stop();
    throw asDrError(error);
  }
}

interface Beginning {
  readonly scope: Scope;
  readonly start: OplogTime;
  readonly reached: OplogTime;
  readonly rollbackId: number;
}

async function dump(options: ReadOptions, beginning: Beginning): Promise<DumpedCollection[]> {
  const { parent, meter, interrupted } = options;
  const { scope, start: since } = beginning;
  let number = interrupted?.nextNumber ?? 0;
  const common = { ...options, since, nextNumber: () => number++ };
  meter.collections.total = scope.collections.length;
  if (parent) return dumpSince(parent, common, scope);
  meter.expect(scope.collections.map(({ estimate }) => estimate));
  const readings = interrupted?.readings ?? (await readingsOf(scope.collections, common));
  if (interrupted) meter.goOn(readings, interrupted.segments);
  options.checkpoints?.begin({
    begun: interrupted?.begun ?? (await begunNow(options, beginning)),
    readFrom: { member: options.source.member, rollbackId: beginning.rollbackId },
    readings,
    nextNumber: () => number,
    reached: beginning.reached,
  });
  return dumpCollections({ ...common, readings });
}

async function begunNow(
  { source, startedAt, databases, lock }: ReadOptions,
  { scope, start }: Beginning,
): Promise<Begun> {
  const seen = await source.appliedTime();
  const { mode, days } = lock;
  return { startedAt: startedAt.toISOString(), wanted: databases, lock: { mode, days }, start, seen, scope };
}

type Common = ReadOptions & { readonly since: OplogTime; readonly nextNumber: () => number };

async function dumpSince(parent: Manifest, common: Common, scope: Scope): Promise<DumpedCollection[]> {
  const { source, oplog, databases, meter, signal, since } = common;
  // from where the parent began: what it read later may be in it or not, and is read again
  const { start } = parent.header.window;
  const changed = await changedSince({ oplog, from: start, to: since, databases, signal });
  const { whole, changes } = chooseReading(scope.collections, parent, changed, {
    wholeFrom: common.wholeFrom,
    canAskFor: source.canAskFor,
  });
  const perDocument = ({ documents, bytes }: { documents: number; bytes: number }): number =>
    bytes / Math.max(1, documents);
  meter.expect([
    ...whole.map(({ estimate }) => estimate),
    ...changes.map(({ collection, ids }) => ({
      documents: ids.length,
      bytes: ids.length * perDocument(collection.estimate),
    })),
  ]);
  const wholly = await dumpCollections({ ...common, readings: await readingsOf(whole, common) });
  return [...wholly, ...(await dumpChanges({ ...common, changes }))];
}

const rolledBack = (member: string): DrError =>
  new DrError('SOURCE_CHANGED', 'transient', `${member} rolled back writes while it was read.`, {
    hint: 'Take the backup again.',
  });

const behind = (member: string, { header }: Manifest): DrError =>
  new DrError('SOURCE_CHANGED', 'transient', `${member} has not come to where ${header.backup} ends.`, {
    hint: 'Try again once it has caught up, or take a full backup: /dr backup mongodb',
  });

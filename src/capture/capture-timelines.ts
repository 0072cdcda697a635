import { asDrError, DrError } from '#core';
import type { OplogSource } from '#ports';
import type { TimelineBeginning } from '#vault';
import { beginTimeline, findBeginning, UNKNOWN_TERM } from './begin-timeline.ts';
import type { CapturePosition } from './capture-state.ts';
import type { CaptureView } from './capture-view.ts';
import type { CaptureWorld } from './capture-world.ts';
import { followSource } from './follow-source.ts';
import { openSegmentWriter, type SegmentWriter } from './segment-writer.ts';

const RETRY_MS = 500;
/** A client of a member that does not answer may take long to close; nobody waits for it. */
const CLOSE_WITHIN_MS = 2_000;

interface Capturing {
  readonly world: CaptureWorld;
  /** Of the lease. */
  readonly token: number;
  readonly view: CaptureView;
  readonly signal: AbortSignal;
}

/**
 * Follows one member after the other, and begins a new timeline where what comes can't be joined to what was captured.
 * Goes on until `signal` ends it. Throws what can't be tried again under this lease.
 */
export async function captureTimelines(capturing: Capturing): Promise<void> {
  const { world, view, signal } = capturing;
  let prefer: 'secondary' | 'primary' = 'secondary';
  let breaks: TimelineBeginning | undefined;
  while (!signal.aborted) {
    const leave = new AbortController();
    view.leaveSource = (why) => leave.abort(why);
    try {
      await withSource(capturing, prefer, async (source) => {
        if (!view.writer) begin(capturing, await findBeginning(world, source));
        else if (breaks) begin(capturing, await beginTimeline(world, source, numberAfter(view), breaks));
        breaks = undefined;
        await followThroughSwaps(capturing, source, AbortSignal.any([signal, leave.signal]));
      });
    } catch (thrown) {
      if (signal.aborted) return;
      const error = leave.signal.aborted ? asDrError(leave.signal.reason) : asDrError(thrown);
      if (isOver(error)) throw error;
      if (error.code === 'SOURCE_CHANGED') breaks = beginningAfter(view, error);
      else {
        setTrouble(capturing, error.message);
        prefer = prefer === 'secondary' ? 'primary' : 'secondary';
      }
      await world.clock.sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }
}

async function withSource(
  { world, view }: Capturing,
  prefer: 'secondary' | 'primary',
  work: (source: OplogSource) => Promise<void>,
): Promise<void> {
  const source = await world.openOplog(prefer);
  view.source = source;
  try {
    view.oplogFrom = await source.oldestTime();
    await work(source);
  } finally {
    view.source = undefined;
    await Promise.race([source.close().catch(() => undefined), world.clock.sleep(CLOSE_WITHIN_MS)]);
  }
}

/** Restored data that is swapped in ends a timeline and begins the next: its writes until then are in no oplog. */
async function followThroughSwaps(capturing: Capturing, source: OplogSource, signal: AbortSignal): Promise<void> {
  const { world, view } = capturing;
  while (!signal.aborted) {
    const writer = current(view);
    const { at, term } = await followSource({
      source,
      writer,
      databases: world.settings.databases,
      canary: world.settings.canary,
      clock: world.clock,
      signal,
      flushIfDue: async () => {
        if (writer.isDue()) await flush(capturing, signal);
        else if (writer.pending === 0) view.behind.durable(writer.reached.time);
        clearTrouble(capturing);
      },
    });
    await flush(capturing, signal);
    const begins = { reason: 'swap', after: writer.position.through } as const;
    begin(capturing, { timeline: numberAfter(view), through: at, term, previous: null, begins });
  }
  signal.throwIfAborted();
}

function begin({ world, token, view }: Capturing, position: CapturePosition): void {
  view.writer?.close();
  view.writer = openSegmentWriter(world, token, position);
  const { timeline, begins } = position;
  world.onEvent(begins ? { kind: 'timeline-begins', timeline, begins } : { kind: 'leading', timeline });
}

/** Until it is durable. Nothing new is read meanwhile: the oplog keeps it. */
async function flush(capturing: Capturing, signal: AbortSignal): Promise<void> {
  const { world, view } = capturing;
  const writer = current(view);
  for (;;) {
    signal.throwIfAborted();
    try {
      await writer.flush();
      view.behind.durable(writer.position.through);
      return;
    } catch (thrown) {
      const error = asDrError(thrown);
      if (isOver(error)) throw error;
      setTrouble(capturing, error.message);
      await world.clock.sleep(RETRY_MS, signal);
    }
  }
}

/** A fault of ours, or a key that was left half made under this lease's name. */
const isOver = ({ kind, code }: DrError): boolean =>
  kind === 'bug' || (kind === 'permanent' && code === 'SERVICE_UNAVAILABLE');

function current({ writer }: CaptureView): SegmentWriter {
  if (!writer) throw new DrError('UNEXPECTED', 'bug', 'Capture has no timeline to write to.');
  return writer;
}

const numberAfter = (view: CaptureView): number => current(view).position.timeline + 1;

function beginningAfter(view: CaptureView, error: DrError): TimelineBeginning {
  if (!view.writer) return { reason: 'gap' };
  const { through, term } = view.writer.position;
  const isOther = error.data['reason'] === 'diverged' && term !== UNKNOWN_TERM;
  return { reason: isOther ? 'diverged' : 'gap', after: through };
}

function setTrouble({ world, view }: Capturing, why: string): void {
  if (!view.trouble) world.onEvent({ kind: 'paused', why });
  view.trouble = { why, sinceMs: view.trouble?.sinceMs ?? world.clock.monotonicMs() };
}

function clearTrouble({ world, view }: Capturing): void {
  if (!view.trouble) return;
  world.onEvent({ kind: 'resumed', afterMs: world.clock.monotonicMs() - view.trouble.sinceMs });
  view.trouble = undefined;
}

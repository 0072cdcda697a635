import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (how: { readonly type: 'minor' | 'major'; readonly flavor?: 'last-resort' }) => void;

/** So much may be allocated outside of V8's heap before the young are looked through. */
const YOUNG_BYTES = 16 * 1024 * 1024;
/** So much more than was in use: many have outlived being young, and everything is looked through. */
const OLD_BYTES = 32 * 1024 * 1024;
/** After so long without, buffers begin anew: a backup after an idle hour. */
const QUIET_SECONDS = 60;
/** V8 may free buffers in a thread of its own after the collection: what is left is known so much later. */
const SETTLED_SECONDS = 0.03;

/**
 * Has this thread's buffers collected when we say so instead of when V8 does. A backup makes a gigabyte of garbage buffers in seconds, and
 * every 64 MiB of them V8 looks through the whole heap: 40 to 100 ms each, a fifth of a backup's processor time on two cores. But
 * these buffers die young, and the young are looked through in a few milliseconds (measured with `npm run bench -- snapshot`).
 *
 * When buffers begin anew, the heap is first made as small as it can be: what loading a few thousand modules left takes 80 MB that a
 * backup would have on top of its own (117 MB of heap with 53 in use, 39 after it, measured; it takes some 100 ms, once).
 *
 * It is for a process that runs under `--single-threaded-gc`, as the image does: a collection of the young is over sooner than V8's helper
 * threads are awake, which cost a tenth of a backup's processor time on two cores. (Set while a process runs, that flag ends it.)
 *
 * Call it first of all; V8's flags are the whole process's. Returns what is to be called often while buffers are made: it looks at a
 * counter and mostly does nothing.
 */
export function collectBuffersYoung(): () => void {
  setFlagsFromString('--no-incremental-marking');
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  setFlagsFromString('--expose-gc');
  const collect: Collect = runInNewContext('gc');
  const outside = (): number => getHeapStatistics().external_memory;
  let left = 0;
  let inUse = Number.POSITIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  let last: 'young' | 'all' | undefined;
  const run = (what: 'young' | 'all', how: Parameters<Collect>[0]): void => {
    collect(how);
    last = what;
    lastAt = process.uptime();
  };
  return () => {
    const now = outside();
    if (last !== undefined) {
      if (process.uptime() - lastAt < SETTLED_SECONDS) return;
      left = now;
      inUse = last === 'all' ? now : Math.min(inUse, now);
      last = undefined;
      if (left >= inUse + OLD_BYTES) run('all', { type: 'major' });
      return;
    }
    if (now < left + YOUNG_BYTES) return;
    if (process.uptime() - lastAt > QUIET_SECONDS) run('all', { type: 'major', flavor: 'last-resort' });
    else run('young', { type: 'minor' });
  };
}

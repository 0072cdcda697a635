import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (how: { readonly type: 'minor' | 'major' }) => void;

/** So much may be allocated outside of V8's heap before the young are looked through. */
const YOUNG_BYTES = 16 * 1024 * 1024;
/** So much more than was in use: many have outlived being young, and everything is looked through. */
const OLD_BYTES = 48 * 1024 * 1024;

/**
 * Has this thread's buffers collected when we say so instead of when V8 does. A backup makes a gigabyte of garbage buffers in seconds, and
 * every 64 MiB of them V8 looks through the whole heap: 40 to 100 ms each, a fifth of a backup's processor time on two cores. But
 * these buffers die young, and the young are looked through in a few milliseconds (measured with `npm run bench -- snapshot`).
 *
 * Call it first of all; V8's flags are the whole process's. Returns what is to be called often while buffers are made: it looks at a
 * counter and mostly does nothing.
 */
export function collectBuffersYoung(): () => void {
  setFlagsFromString('--no-incremental-marking');
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  setFlagsFromString('--expose-gc');
  const collect: Collect = runInNewContext('gc');
  const outside = (): number => process.memoryUsage().arrayBuffers;
  let left = 0;
  let inUse = Number.POSITIVE_INFINITY;
  return () => {
    if (outside() < left + YOUNG_BYTES) return;
    collect({ type: 'minor' });
    left = outside();
    inUse = Math.min(inUse, left);
    if (left < inUse + OLD_BYTES) return;
    collect({ type: 'major' });
    left = outside();
    inUse = left;
  };
}

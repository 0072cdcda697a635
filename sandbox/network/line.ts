import type { Socket } from 'node:net';

/** Two ends of a connection between places. */
export interface Line {
  /** Lets bytes pass from near to far, and from far to near, or not. What waits is not lost, as in a network that retransmits. */
  let(out: boolean, back: boolean): void;
}

/** Joins two sockets; each ends with the other. An end that is not let through is not told of either. */
export function joinLine(near: Socket, far: Socket): Line {
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  const passing = { out: false, back: false };
  const pass = (from: Socket, to: Socket, wanted: boolean, way: 'out' | 'back'): void => {
    if (passing[way] === wanted) return;
    passing[way] = wanted;
    if (wanted) from.pipe(to);
    else from.unpipe(to).pause();
  };
  return {
    let(out, back) {
      pass(near, far, out, 'out');
      pass(far, near, back, 'back');
    },
  };
}

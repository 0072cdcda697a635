import { setTimeout as sleep } from 'node:timers/promises';
import { pick, type Seeded, seeded } from '../../e2e/scenarios/seeded.ts';
import { definitions } from './definitions.ts';
import type { Workload } from './world.ts';
import { writes } from './writes.ts';

export interface RunningWorkload {
  /** Does something while no definition changes; documents go on changing. */
  still<T>(work: () => Promise<T>): Promise<T>;
  /** Changes that the server took, so far. */
  done(): { readonly writes: number; readonly definitions: number };
  stop(): Promise<void>;
}

export interface WorkloadOptions {
  /** Who writes at once. */
  readonly writers: number;
  /** On average, between two changes of one writer, in ms. */
  readonly pauseMs: number;
}

/** Several that write, and one that changes what there is, until they are stopped. What the server refuses is no change. */
export function runWorkload(workload: Workload, { writers, pauseMs }: WorkloadOptions): RunningWorkload {
  const halt = new AbortController();
  const done = { writes: 0, definitions: 0 };
  let turn: Promise<unknown> = Promise.resolve();
  const still = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const pause = (random: Seeded): Promise<void> =>
    sleep(pauseMs * 2 * random(), undefined, { signal: halt.signal }).catch(() => undefined);
  const lane = async (kind: keyof typeof done, random: Seeded): Promise<void> => {
    const mine = { ...workload, random };
    const among = kind === 'writes' ? writes : definitions;
    while (!halt.signal.aborted) {
      const change = () => pick(random, among)(mine);
      try {
        await (kind === 'writes' ? change() : still(change));
        done[kind] += 1;
      } catch {
        // nothing there, there already, or nobody to take it now
      }
      await pause(random);
    }
  };
  const nextSeed = () => seeded(Math.floor(workload.random() * 2 ** 32));
  const lanes = Array.from({ length: writers }, () => lane('writes', nextSeed()));
  lanes.push(lane('definitions', nextSeed()));
  return {
    still,
    done: () => ({ ...done }),
    async stop() {
      halt.abort();
      await Promise.all(lanes);
    },
  };
}

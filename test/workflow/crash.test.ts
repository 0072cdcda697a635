import { expect, test } from 'vitest';
import type { Records } from '#ports';
import type { RunRecord } from '#workflow';
import { demandStop } from '#workflow';
import { john, R1, springBench } from './spring.ts';

const crash = new Error('the process is gone');

/**
 * Kills a worker at the n-th journal write, before it arrives or after it arrived and before the answer. From then on
 * that worker reads and writes nothing.
 */
function dying(at: { left: number }, when: 'before' | 'after'): (journal: Records<RunRecord>) => Records<RunRecord> {
  return (journal) => {
    let dead = false;
    const die = (): never => {
      dead = true;
      throw crash;
    };
    return {
      ...journal,
      get: async (id) => (dead ? die() : journal.get(id)),
      replace: async (seen, next) => {
        if (dead) die();
        at.left -= 1;
        if (at.left === 0 && when === 'before') die();
        const replaced = await journal.replace(seen, next);
        return at.left === 0 ? die() : replaced;
      },
    };
  };
}

async function runWithCrashes(at: number, when: 'before' | 'after', stopAfter?: string) {
  const left = { left: at };
  const bench = await springBench(dying(left, when));
  bench.world.interfere = async (what) => {
    if (what === stopAfter) await demandStop(bench.journal, R1, john);
  };
  let crashes = 0;
  let state: string | undefined;
  for (let workers = 0; workers < 5; workers += 1) {
    state = await bench.run().catch((error: unknown) => {
      if (error !== crash) throw error;
      crashes += 1;
      return undefined;
    });
    if (state && state !== 'busy') break;
  }
  return { bench, crashes, state };
}

test('a worker killed at any journal write is followed by one that finishes, each effect once, each fact told once', async () => {
  let crashes = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= 14; at += 1) {
      const { bench, state, crashes: died } = await runWithCrashes(at, when);
      crashes += died;
      expect(state, `killed ${when} write ${at}`).toBe('done');
      expect(bench.world.effects, `killed ${when} write ${at}`).toEqual([
        'on fence',
        'on promote',
        'on scale',
        'on tell',
      ]);
      const facts = bench.told().filter((fact) => !fact.startsWith('taken-over'));
      expect(facts).toEqual([
        'started',
        'step-done fence',
        'step-done promote',
        'step-done scale',
        'step-done tell',
        'ended',
      ]);
    }
  }
  expect(crashes).toBeGreaterThan(18);
});

test('a worker killed while putting back is followed by one that puts back the rest', async () => {
  let crashes = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= 14; at += 1) {
      const { bench, state, crashes: died } = await runWithCrashes(at, when, 'after promote');
      crashes += died;
      expect(state, `killed ${when} write ${at}`).toBe('stopped');
      expect([...bench.world.on]).toEqual([]);
      expect(bench.told().filter((fact) => fact === 'ended')).toHaveLength(1);
    }
  }
  expect(crashes).toBeGreaterThan(18);
});

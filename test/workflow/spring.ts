import { z } from 'zod';
import { memoryControlStore, memoryLeases } from '#adapters/memory';
import { DrError, PersonId, RequestId, systemClock } from '#core';
import type { Records } from '#ports';
import {
  createRun,
  defineWorkflow,
  executeRun,
  notYet,
  openJournal,
  openLocks,
  type RunEvent,
  type RunnerDeps,
  type RunRecord,
} from '#workflow';

/** A small world with effects that can be counted: three switches that a run turns on. */
export interface SpringWorld {
  readonly on: Set<string>;
  readonly effects: string[];
  /** Called inside each effect: may throw, or wait. */
  interfere: (what: string, signal: AbortSignal) => Promise<void> | void;
}

const turnOn = (name: string) => ({
  output: z.object({ was: z.string() }),
  says: () => ({ todo: `Turn ${name} on`, done: `${name} is on` }),
  observe: async ({ world }: { world: SpringWorld }) =>
    world.on.has(name) ? { happened: true as const, output: { was: 'seen' } } : notYet,
  run: async ({ world, signal }: { world: SpringWorld; signal: AbortSignal }) => {
    await world.interfere(`before ${name}`, signal);
    world.on.add(name);
    world.effects.push(`on ${name}`);
    await world.interfere(`after ${name}`, signal);
    return { was: 'done' };
  },
  undo: async ({ world, signal }: { world: SpringWorld; signal: AbortSignal }) => {
    await world.interfere(`undo ${name}`, signal);
    if (world.on.delete(name)) world.effects.push(`off ${name}`);
  },
  timeoutMs: 300,
  retry: { times: 2, everyMs: 1 },
});

/** fence and promote can be put back, scale can not. */
export const springWorkflow = defineWorkflow<SpringWorld>()('spring', {
  input: z.object({ target: z.string() }),
  exclusive: 'movement',
})
  .step('fence', turnOn('fence'))
  .step('promote', turnOn('promote'))
  .step('scale', turnOn('scale'))
  .step('tell', turnOn('tell'))
  .build({ forwardFrom: 'scale' });

export const R1 = RequestId.parse('R-1');
export const R2 = RequestId.parse('R-2');
export const john = { by: PersonId.parse('john-smith'), at: new Date('2026-11-23T08:00:00Z') };

/** A worker's surroundings, with a journal that a test may break. */
export async function springBench(breakJournal: (journal: Records<RunRecord>) => Records<RunRecord> = (same) => same) {
  const store = memoryControlStore(systemClock);
  const journal = openJournal(store);
  const events: RunEvent[] = [];
  const keys = new Set<string>();
  const world: SpringWorld = { on: new Set(), effects: [], interfere: () => undefined };
  let worker = 0;
  const deps = (): RunnerDeps<SpringWorld> => ({
    journal: breakJournal(journal),
    locks: openLocks(store),
    leases,
    clock: systemClock,
    worker: `worker-${worker}`,
    world,
    tell: async (event) => {
      if (keys.has(event.key)) return;
      keys.add(event.key);
      events.push(event);
    },
    beforeStart: async () => undefined,
  });
  const leases = memoryLeases(systemClock);
  for (const id of [R1, R2]) {
    await createRun(journal, { id, workflow: springWorkflow, input: { target: 'us-west-2' }, at: john.at });
  }
  return {
    store,
    journal,
    world,
    events,
    deps,
    leases,
    run: (id = R1, change: Partial<RunnerDeps<SpringWorld>> = {}) => {
      worker += 1;
      return executeRun(springWorkflow, id, { ...deps(), ...change });
    },
    told: () => events.map((event) => ('step' in event && event.step ? `${event.kind} ${event.step}` : event.kind)),
    record: async (id = R1) => (await journal.get(id))?.value,
  };
}

export const transient = new DrError('DATABASE_UNAVAILABLE', 'transient', 'No answer.');
export const permanent = new DrError('CLUSTER_REFUSED', 'permanent', 'Kubernetes refused (403).');

import { memoryControlStore, memoryLeases } from '#adapters/memory';
import { PersonId, type RequestId, systemClock } from '#core';
import type { RecoveryServers, RestoreTarget, SetDescription } from '#ports';
import {
  type RestoreAsInput,
  type RestoreInput,
  type RestoreOnInput,
  type RestoreWorld,
  restoreAsWorkflow,
  restoreOnWorkflow,
  restoreWorkflow,
} from '#restore';
import type { Vault } from '#vault';
import { createRun, demandStop, executeRun, type Journal, openJournal, openLocks, type RunRecord } from '#workflow';

const crash = new Error('the process is gone');
const john = { by: PersonId.parse('john-smith'), at: new Date() };

/** One process: it is gone from the n-th thing on that it does, in the journal and on the servers. */
interface Life {
  left: number;
  dead: boolean;
}

/** Does a call, or is gone before or after it. */
async function live<T>(life: Life, when: 'before' | 'after', call: () => Promise<T>): Promise<T> {
  if (life.dead) throw crash;
  life.left -= 1;
  if (life.left > 0) return call();
  life.dead = true;
  if (when === 'after') await call();
  throw crash;
}

/** Waits as they are meant would take a test a minute. */
const impatient = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 200), signal),
};

/** What changes something; each is a place to die at. */
const CHANGES = ['create', 'drop', 'rename', 'insert', 'apply', 'createIndexes', 'createView'] as const;

function mortal(target: RestoreTarget, life: Life, when: 'before' | 'after'): RestoreTarget {
  const calls = Object.fromEntries(
    CHANGES.map((name) => [
      name,
      (...args: unknown[]) => live(life, when, () => (target[name] as (...all: unknown[]) => Promise<void>)(...args)),
    ]),
  );
  return { ...target, ...calls };
}

function mortalJournal(journal: Journal, life: Life, when: 'before' | 'after'): Journal {
  return {
    ...journal,
    get: async (id) => {
      if (life.dead) throw crash;
      return journal.get(id);
    },
    replace: (seen, next) => live(life, when, () => journal.replace(seen, next)),
  };
}

/** Where the target is another cluster: what it says of itself, and the live set of itself. */
export interface Elsewhere {
  describe(): Promise<SetDescription>;
  describeLive(): Promise<SetDescription | undefined>;
  readonly recovery?: RecoveryServers;
}

const noRecovery: RecoveryServers = {
  whyNot: async () => 'none is needed',
  start: async () => Promise.reject(new Error('none is needed')),
  open: async () => Promise.reject(new Error('none is needed')),
  stop: async () => undefined,
  list: async () => [],
};

/** Carries restores as workers do, on a real target, and lets workers die. */
export function runBench(vault: Vault, target: RestoreTarget, elsewhere?: Elsewhere) {
  const store = memoryControlStore(systemClock);
  const journal = openJournal(store);
  const leases = memoryLeases(systemClock);
  const worldOf = (through: RestoreTarget): RestoreWorld => ({
    vault,
    openTarget: async () => {
      if (elsewhere) throw new Error('a restore to another cluster does not touch the live one');
      return { ...through, close: async () => undefined };
    },
    openCluster: async () => {
      if (!elsewhere) throw new Error('only a restore to another cluster opens one');
      return { ...through, describe: elsewhere.describe, close: async () => undefined };
    },
    recovery: elsewhere?.recovery ?? noRecovery,
    describeLive: async () => elsewhere?.describeLive(),
    liveName: 'eld',
    openOplog: async () => Promise.reject(new Error('no restore reads the oplog')),
    holdWrites: async () => Promise.reject(new Error('no restore holds writes')),
    reopenWrites: async () => Promise.reject(new Error('no restore holds writes')),
  });
  let workers = 0;
  /** Carries a run with one worker that dies at its n-th act; undefined when it died. */
  const carry = async (
    workflow: typeof restoreAsWorkflow | typeof restoreOnWorkflow | typeof restoreWorkflow,
    id: RequestId,
    { at = Number.POSITIVE_INFINITY, when = 'before' as 'before' | 'after', through = target } = {},
  ): Promise<RunRecord | undefined> => {
    workers += 1;
    const life: Life = { left: at, dead: false };
    try {
      await executeRun(workflow as unknown as typeof restoreWorkflow, id, {
        journal: mortalJournal(journal, life, when),
        locks: openLocks(store),
        leases,
        clock: impatient,
        worker: `worker-${workers}`,
        world: worldOf(mortal(through, life, when)),
        tell: async () => undefined,
        beforeStart: async () => undefined,
      });
    } catch (thrown) {
      if (thrown !== crash) throw thrown;
      return undefined;
    }
    return (await journal.get(id))?.value;
  };
  return {
    journal,
    carry,
    restoreAs: async (id: RequestId, input: RestoreAsInput) => {
      await createRun(journal, { id, workflow: restoreAsWorkflow, input, at: new Date() });
    },
    restoreOn: async (id: RequestId, input: RestoreOnInput) => {
      await createRun(journal, { id, workflow: restoreOnWorkflow, input, at: new Date() });
    },
    restore: async (id: RequestId, input: RestoreInput) => {
      await createRun(journal, { id, workflow: restoreWorkflow, input, at: new Date() });
    },
    stop: (id: RequestId) => demandStop(journal, id, john),
  };
}

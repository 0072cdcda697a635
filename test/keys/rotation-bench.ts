import { memoryControlStore, memoryLeases } from '#adapters/memory';
import { RequestId, systemClock } from '#core';
import { ChosenKeys, Drilled, keysRotateWorkflow, type WhichKeys, Wrapped } from '#keys';
import { type Manifest, openBackup, type Vault } from '#vault';
import { createRun, executeRun, type Journal, openJournal, openLocks, type RunRecord } from '#workflow';
import { memoryVault } from '../support/memory-vault.ts';

const DAY_MS = 86_400_000;

/** A vault in memory whose clock a test moves on, and workers that carry rotations of its keys. */
export function rotationBench() {
  const held = memoryVault();
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const vault: Vault = { ...held.vault, clock };
  const store = memoryControlStore(systemClock);
  const journal = openJournal(store);
  const leases = memoryLeases(systemClock);
  let runs = 0;
  let workers = 0;

  /** Carries a run as one worker would; it may be one that dies. */
  const carry = (id: RequestId, broken: { vault?: Vault; journal?: (real: Journal) => Journal } = {}) => {
    workers += 1;
    return executeRun(keysRotateWorkflow, id, {
      journal: broken.journal?.(journal) ?? journal,
      locks: openLocks(store),
      leases,
      // Retries come at once: what is tested is what they find, not how long they wait.
      clock: { ...clock, sleep: async (_ms, signal) => signal?.throwIfAborted() },
      worker: `worker-${workers}`,
      world: { vault: broken.vault ?? vault },
      beforeStart: async () => undefined,
      tell: async () => undefined,
    });
  };

  const create = async (which: WhichKeys): Promise<RequestId> => {
    runs += 1;
    const id = RequestId.parse(`R-${runs}`);
    await createRun(journal, { id, workflow: keysRotateWorkflow, input: { which }, at: clock.now() });
    return id;
  };

  const read = async (id: RequestId) => {
    const run = (await journal.get(id))?.value;
    if (!run) throw new Error(`${id} is not in the journal`);
    return { ...run, ...outputsOf(run) };
  };

  return {
    ...held,
    vault,
    journal,
    passDays: (days: number) => {
      aheadMs += days * DAY_MS;
    },
    create,
    carry,
    read,
    /** A whole run: all keys, or those that are due as the schedule asks for them. */
    rotate: async (which: WhichKeys = { kind: 'all' }) => {
      const id = await create(which);
      await carry(id);
      return read(id);
    },
    /** How many generations each backup's key has, in every region the same. */
    generationCounts: (backups: readonly Manifest[]): number[] =>
      backups.map(({ header }) => {
        const counts = held.stores.map(
          (store) => store.keys().filter((key) => key.startsWith(`keys/${header.key}/`)).length,
        );
        if (new Set(counts).size !== 1) throw new Error(`The regions differ: ${counts.join(', ')}`);
        return counts[0] ?? 0;
      }),
    everyBackupOpens: async (backups: readonly Manifest[]): Promise<void> => {
      for (const { header } of backups) (await openBackup(vault, header)).close();
    },
    /** Key objects of one region, `<key>/<generation>`. */
    generations: (region: string): string[] =>
      (held.stores.find((each) => each.region === region)?.keys() ?? [])
        .filter((key) => key.startsWith('keys/'))
        .map((key) => key.slice('keys/'.length)),
  };
}

function outputsOf(run: RunRecord) {
  const output = (name: string): unknown => run.steps.find((step) => step.name === name)?.output;
  return {
    chosen: ChosenKeys.safeParse(output('choose')).data,
    wrapped: Wrapped.safeParse(output('wrap')).data,
    drills: Drilled.safeParse(output('drill')).data?.drills ?? [],
  };
}

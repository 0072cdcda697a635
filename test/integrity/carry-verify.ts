import { memoryControlStore, memoryLeases } from '#adapters/memory';
import { RequestId, systemClock } from '#core';
import { type CapturedFindings, type CapturedWorld, type Findings, type VerifyInput, verifyWorkflow } from '#integrity';
import type { ControlStore } from '#ports';
import type { Vault } from '#vault';
import { createRun, executeRun, openJournal, openLocks, type RunRecord } from '#workflow';

export interface CarriedVerify extends RunRecord {
  readonly findings: Findings['findings'];
  readonly captured: CapturedFindings | undefined;
}

let runs = 0;

/** Carries runs of verify through, as a worker would, with a control store of their own. */
export function verifyBench(
  vault: Vault,
  {
    store = memoryControlStore(systemClock),
    captured = async () => undefined,
  }: { store?: ControlStore; captured?: CapturedWorld['captured'] } = {},
) {
  const journal = openJournal(store);
  const verify = async (which: VerifyInput['which'], worldVault = vault): Promise<CarriedVerify> => {
    runs += 1;
    const id = RequestId.parse(`R-${runs}`);
    await createRun(journal, { id, workflow: verifyWorkflow, input: { which }, at: systemClock.now() });
    return carry(id, worldVault);
  };
  const carry = async (id: RequestId, worldVault = vault): Promise<CarriedVerify> => {
    await executeRun(verifyWorkflow, id, {
      journal,
      locks: openLocks(store),
      leases: memoryLeases(systemClock),
      clock: systemClock,
      worker: 'worker-1',
      world: { vault: worldVault, store, captured },
      beforeStart: async () => undefined,
      tell: async () => undefined,
    });
    const run = (await journal.get(id))?.value;
    if (!run) throw new Error(`${id} is not in the journal`);
    const outputOf = (step: string): unknown => run.steps.find(({ name }) => name === step)?.output;
    const output = outputOf('read') as Findings | undefined;
    return { ...run, findings: output?.findings ?? [], captured: outputOf('captured') as CapturedFindings | undefined };
  };
  return { store, journal, verify, carry };
}

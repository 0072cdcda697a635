import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestId } from '#core';
import type { CompanyBench } from '../company-bench.ts';
import { kill, VICTIMS } from './kill.ts';
import { reachStep } from './reach-step.ts';
import { restoreAndSwap } from './restore-and-swap.ts';
import { pick, type Seeded } from './seeded.ts';

/** A kill comes this long after its step began, at most: the steps here take between 20 ms and a second. */
const INTO_STEP_MS = 400;
const RESTORE_STEPS = ['open', 'load', 'prove'] as const;
const SWAP_STEPS = ['pause-writes', 'swap', 'reopen-writes', 'finish'] as const;

/** Holdfast's processes are killed (SIGKILL) once in a restore and once in its swap, each in a random step. */
export function killDuringRestore(
  bench: CompanyBench,
  random: Seeded,
  note: (what: string) => void,
): Promise<string[]> {
  const killIn = async (request: RequestId, step: string): Promise<void> => {
    const begun = await reachStep(bench, request, step);
    const waitMs = Math.round(random() * INTO_STEP_MS);
    await sleep(waitMs);
    const victim = pick(random, VICTIMS);
    kill(bench, victim, begun.worker);
    note(`${request}: ${waitMs} ms into ${step}, killed ${victim}`);
  };
  return restoreAndSwap(bench, {
    inRestore: (restore) => killIn(restore, pick(random, RESTORE_STEPS)),
    inSwap: (swap) => killIn(swap, pick(random, SWAP_STEPS)),
  });
}

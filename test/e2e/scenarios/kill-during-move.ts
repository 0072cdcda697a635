import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestId } from '#core';
import type { CompanyBench } from '../company-bench.ts';
import { kill, VICTIMS } from './kill.ts';
import { askUntilFit, faultsAfterMove, nextMove } from './move.ts';
import { pick, type Seeded } from './seeded.ts';

/** Longest wait between two kills; a move on the sandbox takes ten to twenty seconds. */
const APART_MS = 5_000;

/**
 * A planned move, in which Holdfast's processes are killed (SIGKILL) `kills` times at random moments: the worker that
 * carries the run, a bot, or everything of Holdfast. Returns what did not hold.
 */
export async function killDuringMove(
  bench: CompanyBench,
  random: Seeded,
  kills: number,
  note: (what: string) => void,
): Promise<string[]> {
  const { line, to } = await nextMove(bench);
  return killWhileMoving(bench, { request: await askUntilFit(bench, line), to }, random, kills, note);
}

/** The same with a move that was asked for already and waits for approval. */
export async function killWhileMoving(
  bench: CompanyBench,
  { request, to }: { readonly request: RequestId; readonly to: string },
  random: Seeded,
  kills: number,
  note: (what: string) => void,
): Promise<string[]> {
  await bench.approve(request);
  for (let count = 0; count < kills; count += 1) {
    const waitMs = Math.round(random() * APART_MS);
    const victim = pick(random, VICTIMS);
    await sleep(waitMs);
    const run = await bench.run(request);
    const step = run?.steps.find(({ state }) => state !== 'done')?.name ?? 'the end';
    kill(bench, victim, run?.worker);
    note(`${request}: after ${waitMs} ms, at ${step}, killed ${victim}`);
  }
  return faultsAfterMove(bench, request, to);
}

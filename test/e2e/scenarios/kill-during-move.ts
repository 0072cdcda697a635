import { setTimeout as sleep } from 'node:timers/promises';
import type { Supervised } from '../../../sandbox/supervise.ts';
import type { CompanyBench } from '../company-bench.ts';
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
  const request = await askUntilFit(bench, line);
  await bench.approve(request);
  for (let kill = 0; kill < kills; kill += 1) {
    const waitMs = Math.round(random() * APART_MS);
    const victim = pick(random, ['worker', 'bot', 'both'] as const);
    await sleep(waitMs);
    const run = await bench.run(request);
    const step = run?.steps.find(({ state }) => state !== 'done')?.name ?? 'the end';
    for (const role of victims(bench, victim, run?.worker)) role.kill('SIGKILL');
    note(`${request}: after ${waitMs} ms, at ${step}, killed ${victim}`);
  }
  return faultsAfterMove(bench, request, to);
}

function victims(
  { company }: CompanyBench,
  which: 'worker' | 'bot' | 'both',
  worker: string | undefined,
): Supervised[] {
  const { roles } = company;
  switch (which) {
    case 'both':
      return [...roles];
    case 'bot':
      return roles.filter(({ name }) => name.includes('-bot-'));
    default: {
      const carrying = roles.filter((role) => worker?.endsWith(`-${role.pid()}`));
      return carrying.length > 0 ? carrying : roles.filter(({ name }) => name.includes('-worker-'));
    }
  }
}

import type { CompanyBench } from '../e2e/company-bench.ts';
import { chatCutDuringMove } from '../e2e/scenarios/chat-cut.ts';
import { killDuringMove } from '../e2e/scenarios/kill-during-move.ts';
import { controlPrimaryLost, redisLostDuringMove } from '../e2e/scenarios/losses.ts';
import { pick, type Seeded } from '../e2e/scenarios/seeded.ts';

export interface SoakCase {
  readonly name: string;
  readonly about: string;
  /** How many rounds without `--count`. */
  readonly count: number;
  /** Returns what did not hold. */
  readonly round: (bench: CompanyBench, random: Seeded, note: (what: string) => void) => Promise<string[]>;
}

export const soakCases: readonly SoakCase[] = [
  {
    name: 'kills',
    about: 'SIGKILL of worker, bot or both at a random moment of a planned move, there and back',
    count: 100,
    round: (bench, random, note) => killDuringMove(bench, random, 1, note),
  },
  {
    name: 'losses',
    about: "Redis stopped for good in a move, then the control store's primary killed while people type",
    count: 10,
    round: async (bench, random) => {
      const faults = await redisLostDuringMove(bench);
      await bench.company.redis.restart();
      return [...faults, ...(await controlPrimaryLost(bench, 5 + Math.floor(random() * 20)))];
    },
  },
  {
    name: 'cut',
    about: 'Slack unreachable during a move that a terminal asks for and approves',
    count: 10,
    round: (bench, random, note) => chatCutDuringMove(bench, pick(random, ['refuse', 'hang'] as const), note),
  },
];

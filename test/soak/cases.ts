import { EAST, returnRegion } from '#sandbox/company';
import { type CompanyBench, startBench } from '../e2e/company-bench.ts';
import { chatCutDuringMove } from '../e2e/scenarios/chat-cut.ts';
import { buildAlone, buildColdRegion } from '../e2e/scenarios/cold.ts';
import { killDuringMove, killWhileMoving } from '../e2e/scenarios/kill-during-move.ts';
import { killDuringRestore } from '../e2e/scenarios/kill-during-restore.ts';
import { controlPrimaryLost, redisLostDuringMove, redisLostDuringRestore } from '../e2e/scenarios/losses.ts';
import { nextMove } from '../e2e/scenarios/move.ts';
import { withPage } from '../e2e/scenarios/page-bench.ts';
import { moveByKeyboard } from '../e2e/scenarios/page-keyboard.ts';
import { failBack, leaveLostRegion, rebuildReturned } from '../e2e/scenarios/region-lost.ts';
import { pick, type Seeded, seeded } from '../e2e/scenarios/seeded.ts';
import { endsWithMove, loseService } from '../e2e/scenarios/service-lost.ts';
import { yearGround } from '../incidents/time-machine/ground.ts';
import { Life } from '../retention/model/life.ts';
import { chainGround } from './chain.ts';
import { damageGround } from './damage.ts';
import { disasterGround } from './disasters/ground.ts';
import { faultsGround } from './faults.ts';
import type { SoakGround } from './ground.ts';
import { healthyGround } from './healthy.ts';
import { modelGround } from './model.ts';
import { secondsGround } from './seconds.ts';
import { signalsGround } from './signals.ts';

export interface SoakCase {
  readonly name: string;
  readonly about: string;
  /** How many rounds without `--count`. */
  readonly count: number;
  /** Starts what all rounds share. `points` and `minutes` are what `--points` and `--minutes` said. */
  readonly open: (points: number, minutes: number) => Promise<SoakGround>;
}

/** On one company that stays up, with a first backup. */
const onCompany =
  (
    round: (bench: CompanyBench, random: Seeded, note: (what: string) => void) => Promise<string[]>,
    options: Parameters<typeof startBench>[0] = {},
  ) =>
  async (): Promise<SoakGround> => {
    const bench = await startBench(options);
    // a region without a verified backup is not fit to be moved to; restores then take one that stands on another
    await bench.backUp('/dr backup mongodb');
    await bench.backUp('/dr backup mongodb --changes');
    return { round: (random, note) => round(bench, random, note), stop: () => bench.stop() };
  };

export const soakCases: readonly SoakCase[] = [
  {
    name: 'kills',
    about: 'SIGKILL of worker, bot or both at three random moments of a planned move, there and back',
    count: 34,
    open: onCompany((bench, random, note) => killDuringMove(bench, random, 3, note)),
  },
  {
    name: 'service',
    about:
      'the service of one region dies, people are called, and a planned move is proposed and done under three kills',
    count: 5,
    open: onCompany(async (bench, random, note) => {
      const lost = await loseService(bench, note);
      const faults = await killWhileMoving(bench, lost, random, 3, note);
      faults.push(...(await endsWithMove(bench, lost)));
      return [...faults, ...(await killDuringMove(bench, random, 0, note))];
    }),
  },
  {
    name: 'lost-region',
    about: 'a region dies while it serves; it is left, comes back, is rebuilt and serves again, under random kills',
    count: 10,
    open: onCompany(async (bench, random, note) => {
      const faults = await leaveLostRegion(bench, random, Math.floor(random() * 4), note);
      await returnRegion(bench.company, EAST);
      faults.push(...(await rebuildReturned(bench, note)));
      return [...faults, ...(await failBack(bench))];
    }),
  },
  {
    name: 'cold',
    about:
      'us-east-1 and the database of us-west-2 die; eu-west-1 is built from the vault, and drivers count what is lost',
    count: 1,
    open: onCompany((bench, _random, note) => buildColdRegion(bench, note)),
  },
  {
    name: 'cold-alone',
    about: "us-east-1 and us-west-2 die as a whole, the control store's majority too; eu-west-1 is built on its own",
    count: 1,
    open: onCompany((bench, _random, note) => buildAlone(bench, note), {
      roles: [
        { role: 'all', region: 'us-east-1' },
        { role: 'all', region: 'us-west-2' },
        { role: 'all', region: 'eu-west-1' },
      ],
    }),
  },
  {
    name: 'swaps',
    about: 'SIGKILL of worker, bot or both in a random step of a restore, and again in one of its swap',
    count: 50,
    open: onCompany(killDuringRestore),
  },
  {
    name: 'losses',
    about:
      "Redis stopped for good in a move, in a restore and its swap, then the control store's primary killed while people type",
    count: 10,
    open: onCompany(async (bench, random) => {
      const faults = await redisLostDuringMove(bench);
      await bench.company.redis.restart();
      faults.push(...(await redisLostDuringRestore(bench)));
      await bench.company.redis.restart();
      return [...faults, ...(await controlPrimaryLost(bench, 5 + Math.floor(random() * 20)))];
    }),
  },
  {
    name: 'cut',
    about: 'Slack unreachable, and sometimes Redis lost, during a move that a terminal asks for and approves',
    count: 10,
    open: onCompany(async (bench, random, note) => {
      const how = pick(random, ['refuse', 'hang'] as const);
      const redis = pick(random, ['there', 'lost'] as const);
      const faults = await chatCutDuringMove(bench, { how, redis }, note);
      if (redis === 'lost') await bench.company.redis.restart();
      return faults;
    }),
  },
  {
    name: 'disasters',
    about:
      'any part of one region killed, frozen or cut off at any moment, under load and in moves and restores; drivers count what is lost',
    count: 200,
    open: disasterGround,
  },
  {
    name: 'keyboard',
    about: 'a move typed, approved by two people and watched on the page, by the keyboard alone',
    count: 2,
    open: onCompany(async (bench) => {
      const { line, to } = await nextMove(bench);
      return withPage(bench, async (page) => {
        await moveByKeyboard(page, line.replace('/', ''), to);
        return [...page.problems];
      });
    }),
  },
  {
    name: 'seconds',
    about: 'random changes of every kind under capture; ten random moments of each round restored and compared',
    count: 20,
    open: secondsGround,
  },
  {
    name: 'chain',
    about: 'a full backup and six of changes on it, taken under random changes; two moments after each compared',
    count: 20,
    open: chainGround,
  },
  {
    name: 'model',
    about:
      'every kind of operation under capture and snapshots, all of them killed at random, regions too; --points moments compared',
    count: 1,
    open: modelGround,
  },
  {
    name: 'damage',
    about:
      'a thousand objects of a vault of three regions harmed, some at a time; verified, and restored from each region alone',
    count: 5,
    open: damageGround,
  },
  {
    name: 'incidents',
    about: 'a simulated year of incidents with crashes, outages and silent pagers, against an oracle of the plan',
    count: 1_000,
    open: yearGround,
  },
  {
    name: 'signals',
    about: '10,000 signals of one dead region within a minute on a real control store while people press buttons',
    count: 1,
    open: signalsGround,
  },
  {
    name: 'healthy',
    about: 'the whole company well and under load, with moves and restarts, for --minutes: nobody may be called',
    count: 1,
    open: (_, minutes) => healthyGround(minutes),
  },
  {
    name: 'faults',
    about: 'everything that Holdfast looks at stopped and made slow in turn; writes docs/faults.md',
    count: 1,
    open: faultsGround,
  },
  {
    name: 'retention',
    about: 'ten years of a vault: backups, restores, holds, wrong clocks, crashes, and prune among them',
    count: 30,
    // all of it in memory
    open: async () => ({
      async round(random, note) {
        const life = new Life(seeded(Math.floor(random() * 2 ** 32)));
        await life.live(3_650);
        note(JSON.stringify(life.tally));
        return [...life.faults];
      },
      stop: async () => undefined,
    }),
  },
];

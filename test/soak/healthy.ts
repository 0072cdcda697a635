import { setTimeout as sleep } from 'node:timers/promises';
import { type CompanyBench, startBench } from '../e2e/company-bench.ts';
import { askUntilFit, faultsAfterMove, nextMove } from '../e2e/scenarios/move.ts';
import type { Seeded } from '../e2e/scenarios/seeded.ts';
import type { SoakGround } from './ground.ts';

/** Between two things that are done to it. */
const CALM_MS = 20_000;
/** A process that was told to end has ended by then and its successor works. */
const RESTARTED_MS = 15_000;

/**
 * The whole company, well and under load, for so many minutes: drivers write, backups and planned moves are made, every
 * process of Holdfast is restarted in turn. Nobody may be called, and nothing may be found that needs people. Its detectors
 * look every 5 s and call after three failures, so it is six times as easily alarmed as in production.
 */
export async function healthyGround(minutes: number): Promise<SoakGround> {
  const bench = await startBench({ perSecond: 30 });
  await bench.backUp('/dr backup mongodb');
  return { round: (random, note) => stayWell(bench, minutes, random, note), stop: () => bench.stop() };
}

async function stayWell(
  bench: CompanyBench,
  minutes: number,
  random: Seeded,
  note: (what: string) => void,
): Promise<string[]> {
  const faults: string[] = [];
  const found = new Set<string>();
  const { company } = bench;
  const phonesBefore = company.reach.pagerDuty.notifications.length;
  const end = performance.now() + minutes * 60_000;
  const watching = (async () => {
    while (performance.now() < end) {
      for (const { id, title, severity } of await bench.incidents()) found.add(`${id}, ${severity}: ${title}`);
      await sleep(1_000);
    }
  })();
  const tally = { moves: 0, restarts: 0, backups: 0 };
  for (let turn = 0; performance.now() < end; turn += 1) {
    await sleep(Math.min(CALM_MS, Math.max(0, end - performance.now())));
    if (performance.now() >= end) break;
    if (turn % 3 === 0) {
      const role = company.roles[Math.floor(random() * company.roles.length)];
      role?.kill('SIGTERM');
      await sleep(RESTARTED_MS);
      tally.restarts += 1;
    } else if (turn % 3 === 1) {
      await bench.backUp('/dr backup mongodb --changes');
      tally.backups += 1;
    } else {
      const { line, to } = await nextMove(bench);
      const request = await askUntilFit(bench, line);
      await bench.approve(request);
      faults.push(...(await faultsAfterMove(bench, request, to)));
      tally.moves += 1;
    }
  }
  await watching;
  const calls = company.reach.pagerDuty.notifications.length - phonesBefore;
  note(`${minutes} min: ${tally.moves} moves, ${tally.restarts} restarts, ${tally.backups} backups; ${calls} calls`);
  if (calls > 0) faults.push(`${calls} telephones rang`);
  faults.push(...[...found].map((each) => `opened ${each}`));
  return faults;
}

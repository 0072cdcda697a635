import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestId } from '#core';
import type { SandboxRegion } from '#sandbox/company';
import { canSeparate } from '#sandbox/network';
import { until } from '#sandbox/servers';
import { type CompanyBench, PEOPLE, startBench } from '../../e2e/company-bench.ts';
import { nextMove } from '../../e2e/scenarios/move.ts';
import type { Seeded } from '../../e2e/scenarios/seeded.ts';
import { asksForStatus } from '../../e2e/scenarios/status.ts';
import type { SoakGround } from '../ground.ts';
import { type Disaster, drawDisaster } from './draw.ts';
import { acknowledgedSince, lossOf, standing, takesWrites, untruthOf } from './judge.ts';
import { healAll } from './parts.ts';
import { type Asked, askUntilStarted, begin, insist, other, serves, settle } from './respond.ts';

/** A round that takes longer than this is one that hangs. */
const ROUND_MS = 15 * 60_000;
const STATUS_WITHIN_MS = 15_000;

/** A company whose regions can be cut off where the machine allows it; with a first backup. */
export async function disasterGround(): Promise<SoakGround> {
  const separate = canSeparate();
  console.log(
    separate ? 'regions can be cut off' : 'no network namespaces here: regions are killed and frozen, never cut off',
  );
  const bench = await startBench({ separate });
  // a control store that has just begun on a slow machine may be busy with itself: then a line is kept, without a number
  await until('the first backup', () => bench.backUp('/dr backup mongodb').then(() => true), {
    withinMs: 180_000,
    everyMs: 10_000,
  });
  return {
    round: async (random, note) => {
      const startedAt = performance.now();
      const timed = (what: string): void => note(`${((performance.now() - startedAt) / 1000).toFixed(1)} s  ${what}`);
      const late = sleep(ROUND_MS, ['the round did not end in time'], { ref: false });
      return Promise.race([strike(bench, random, timed), late]);
    },
    stop: () => bench.stop(),
  };
}

/** One disaster, what responders do, and what must hold then. */
async function strike(bench: CompanyBench, random: Seeded, note: (what: string) => void): Promise<string[]> {
  const disaster = drawDisaster(bench.company, random);
  const faults = await healAll(bench.company);
  const home = await takesWrites(bench, 120_000);
  if (home === undefined) return [...faults, 'nobody took writes before the disaster'];
  const lostBefore = (await bench.audit()).missing;
  const doublesBefore = bench.watch.doubles.length;
  note(`${home} serves; ${disaster.region} is struck during ${disaster.during}`);

  const under = await beginWith(bench, disaster, note);
  await sleep(under === undefined ? 0 : disaster.afterMs);
  await carryOut(disaster, note);
  await sleep(disaster.lookMs);
  if (disaster.region !== home || disaster.cut) faults.push(...(await asksForStatus(bench, STATUS_WITHIN_MS)));

  let receipt = 0;
  let givenUp: SandboxRegion | undefined;
  const served = (await serves(bench)) || (await servesSoon(bench));
  if (!served) {
    const to = other(disaster.region);
    note(`drivers are acknowledged nothing; ${to} is asked for`);
    faults.push(...(await asksForStatus(bench, STATUS_WITHIN_MS)));
    const asked = await insist(bench, `/dr failover ${to} --unplanned --reason "${disaster.region} is lost"`, note);
    if (asked.state === 'started') {
      const run = await settle(bench, asked.request, note);
      const loss = lossOf(run);
      receipt = loss?.missing ?? 0;
      if (run?.state === 'done') givenUp = disaster.region;
      note(
        `${asked.request}: ${run?.state}, ${loss ? `${loss.missing} lost over ${loss.spanMs} ms` : 'no loss counted'}`,
      );
      faults.push(...untruthOf(run, await takesWrites(bench, 20_000), to));
      if (run?.state === 'done' && disaster.cut) faults.push(...(await fenced(bench, disaster, note)));
    }
  }
  faults.push(...(await healAll(bench.company)));
  note('everything is put back');
  let reached = await takesWrites(bench, 120_000);
  if (under !== undefined) {
    const run = await settle(bench, under.request, note);
    note(`${under.request}: ${run?.state} ${run?.failure?.message ?? ''}`);
    // it may have gone on, and moved, once everything was there again
    reached = await takesWrites(bench, 60_000);
    if (under.to !== undefined) faults.push(...untruthOf(run, reached, under.to));
    else if (run === undefined) faults.push(`${under.request} neither ended nor stopped to say why`);
  }
  if (reached === undefined) faults.push('nobody takes writes after everything was put back');
  const doubles = bench.watch.doubles.slice(doublesBefore);
  if (doubles.length > 0 && !disaster.cut) faults.push(`two took writes: ${doubles.join('; ')}`);
  faults.push(...(await standing(bench, lostBefore, receipt)), ...(await goesHome(bench, givenUp, note)));
  return faults;
}

/** What is under way when it happens. A refusal is an answer: then nothing is. */
async function beginWith(
  bench: CompanyBench,
  { during }: Disaster,
  note: (what: string) => void,
): Promise<{ request: RequestId; to: string | undefined } | undefined> {
  if (during === 'nothing') return undefined;
  if (during === 'restore') {
    const { request } = await bench.ask(PEOPLE.mike, '/dr restore latest --only vehicles');
    note(`${request}: /dr restore latest --only vehicles`);
    return { request, to: undefined };
  }
  const { line, to } = await nextMove(bench);
  const request = await begin(bench, line, note);
  return typeof request === 'string' ? { request, to } : undefined;
}

async function carryOut({ acts }: Disaster, note: (what: string) => void): Promise<void> {
  const startedAt = performance.now();
  for (const act of acts) {
    await sleep(Math.max(0, act.atMs - (performance.now() - startedAt)));
    await act.run();
    note(act.what);
  }
}

/** An election, or a planned move that is under way, may still bring it back. */
async function servesSoon(bench: CompanyBench): Promise<boolean> {
  for (let tries = 0; tries < 15; tries += 1) {
    if (await serves(bench)) return true;
    await sleep(1_000);
  }
  return false;
}

/** The side that was cut off acknowledges nothing any more, though its members may take themselves for primaries. */
async function fenced(bench: CompanyBench, { region }: Disaster, note: (what: string) => void): Promise<string[]> {
  const since = Date.now();
  await sleep(5_000);
  const count = await acknowledgedSince(bench, region, since);
  note(`${region}, cut off, acknowledged ${count} writes after the failover`);
  return count === 0 ? [] : [`${region} went on acknowledging writes (${count}) after ${other(region)} had taken over`];
}

/** The next commands work: what was given up is rebuilt, and everything goes back to us-east-1, or is there. */
async function goesHome(
  bench: CompanyBench,
  givenUp: SandboxRegion | undefined,
  note: (what: string) => void,
): Promise<string[]> {
  const faults: string[] = [];
  if (givenUp !== undefined) {
    faults.push(...unfinished(await askUntilStarted(bench, `/dr rebuild ${givenUp}`, note, { withinMs: 120_000 })));
  }
  // its members have the higher priority: by themselves they may take over while they are asked for
  const unless = async (): Promise<boolean> => (await takesWrites(bench, 60_000)) === 'us-east-1';
  if (!(await unless())) {
    const line = '/dr failback us-east-1 --reason "back to normal"';
    faults.push(...unfinished(await askUntilStarted(bench, line, note, { withinMs: 180_000, unless })));
  }
  return [...faults, ...(await asksForStatus(bench, STATUS_WITHIN_MS))];
}

/** What was asked for on the way home and did not end well. */
function unfinished(asked: Asked | 'not needed'): string[] {
  if (asked === 'not needed') return [];
  if (asked.state !== 'started') return [`could not be begun: ${asked.why}`];
  const { id, state, failure } = asked.run;
  return state === 'done' ? [] : [`${id} is ${state}: ${failure?.message ?? ''}`];
}

import { fetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EAST, loseRegion, returnRegion, WEST } from '#sandbox/company';
import { until } from '#sandbox/servers';
import { type CompanyBench, PEOPLE, startBench, stepsTold } from './company-bench.ts';
import { chatCutDuringMove } from './scenarios/chat-cut.ts';
import { killDuringRestore } from './scenarios/kill-during-restore.ts';
import { controlPrimaryLost } from './scenarios/losses.ts';
import { faultsAfterMove } from './scenarios/move.ts';
import { withPage } from './scenarios/page-bench.ts';
import { backUpByMouse, failOverByMouse } from './scenarios/page-mouse.ts';
import { leaveLostRegion, rebuildReturned } from './scenarios/region-lost.ts';
import { seeded } from './scenarios/seeded.ts';
import { asksForStatus } from './scenarios/status.ts';

/** Each run of the tests kills at the same moments; `npm run soak -- kills --seed N` takes others. */
const SEED = 20261123;

let bench: CompanyBench;
const note = (what: string): void => void process.stdout.write(`${what}\n`);

beforeAll(async () => {
  bench = await startBench();
}, 300_000);
afterAll(() => bench?.stop());

test('John Smith backs up and asks for a failover by mouse, two others approve: writers pause at most 3 s, and the servers show that it happened', async () => {
  const request = await withPage(bench, async (page) => {
    await backUpByMouse(page);
    await bench.resetPause();
    const asked = await failOverByMouse(page);
    expect(page.problems).toEqual([]);
    return asked;
  });
  expect(await bench.ended(request)).toMatchObject({ state: 'done' });
  const { longestPauseMs } = await bench.stats();
  note(`longest pause of all writers: ${longestPauseMs} ms`);
  expect(longestPauseMs).toBeLessThanOrEqual(3_000);
  expect(stepsTold(await bench.entries(request))).toHaveLength(8);
  expect(await faultsAfterMove(bench, request, WEST)).toEqual([]);
}, 240_000);

test('Slack is cut and Redis stopped for good: a failback from the terminal waits for neither, the thread is complete afterwards', async () => {
  expect(await chatCutDuringMove(bench, { how: 'refuse', redis: 'lost' }, note)).toEqual([]);
  await bench.company.redis.restart();
}, 600_000);

test('us-east-1 is lost while it serves: people are called, leaving it is proposed and done though Holdfast is killed twice in it, the loss is what drivers say, and the incident resolves itself', async () => {
  expect(await leaveLostRegion(bench, seeded(SEED), 2, note)).toEqual([]);
}, 400_000);

test('put back, us-east-1 takes no traffic before its members are rebuilt and proved equal', async () => {
  await returnRegion(bench.company, EAST);
  expect(await rebuildReturned(bench, note)).toEqual([]);
}, 300_000);

test('processes of Holdfast are killed in a restore and in its swap: both end, everything is as it was', async () => {
  // the newest backup, which is restored, stands on another
  await bench.backUp('/dr backup mongodb --changes');
  expect(await killDuringRestore(bench, seeded(SEED), note)).toEqual([]);
}, 300_000);

test("the control store's primary is killed while people type: all is acknowledged in time, nothing is lost", async () => {
  expect(await controlPrimaryLost(bench, 10)).toEqual([]);
}, 200_000);

test('while us-east-1 follows without votes everything in it is killed, and the west goes on with majority writes', async () => {
  await loseRegion(bench.company, EAST);
  const before = await westWrites();
  await until('the west takes 100 more writes', async () => (await westWrites()) >= before + 100, { withinMs: 60_000 });
  expect(await bench.watch.writable()).toEqual(['west-1']);
  expect(await bench.audit()).toMatchObject({ missing: 0, changed: 0 });
  // Holdfast lost half of itself too, its queue, and its control store a member: it still takes what is typed.
  const { ackMs } = await bench.ask(PEOPLE.mike, `/dr failover ${WEST} --reason "already there"`);
  expect(ackMs).toBeLessThan(3_000);
  expect(await asksForStatus(bench, 15_000)).toEqual([]);
}, 120_000);

async function westWrites(): Promise<number> {
  const lines = await (await fetch(bench.company.eld.drivers.acknowledgedWritesUrl)).text();
  return lines.split('\n').filter((line) => line.includes(`"region":"${WEST}"`)).length;
}

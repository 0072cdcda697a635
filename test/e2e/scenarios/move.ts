import { z } from 'zod';
import type { RequestId } from '#core';
import { EAST, WEST } from '#sandbox/company';
import { until } from '#sandbox/servers';
import type { RunRecord } from '#workflow';
import { type CompanyBench, PEOPLE, stepsTold } from '../company-bench.ts';

/** Which way a move can go now: away from where the writable primary is. */
export async function nextMove(bench: CompanyBench): Promise<{ line: string; to: string }> {
  const [primary] = await until('one member takes writes', async () => {
    const open = await bench.watch.writable();
    return open.length === 1 ? open : undefined;
  });
  return primary === 'west-1'
    ? { line: `/dr failback ${EAST} --reason "back to normal"`, to: EAST }
    : { line: `/dr failover ${WEST} --reason "east storage is slow"`, to: WEST };
}

/** Asks for it until it is not refused any more: a region that just came back is not fit at once, and it is said. */
export async function askUntilFit(bench: CompanyBench, line: string, withinMs = 90_000): Promise<RequestId> {
  return until(
    `${line} can be asked for`,
    async () => {
      const { request } = await bench.ask(PEOPLE.mike, line);
      const state = await until(`${request} is previewed`, async () => {
        const now = (await bench.request(request))?.state;
        return now === 'checking' ? undefined : now;
      });
      return state === 'waiting' ? request : undefined;
    },
    { withinMs, everyMs: 3_000 },
  );
}

/** What a failover out of a lost region says is lost; a planned move loses nothing. */
function countedLoss(run: RunRecord): number {
  const step = run.steps.find(({ name }) => name === 'count-loss');
  return step ? z.object({ loss: z.object({ missing: z.number() }) }).parse(step.output).loss.missing : 0;
}

/** What must hold when a move has ended, whatever was broken meanwhile. Empty: all of it holds. */
export async function faultsAfterMove(bench: CompanyBench, request: RequestId, to: string): Promise<string[]> {
  const faults: string[] = [];
  const wrong = (holds: boolean, what: string): void => {
    if (!holds) faults.push(`${request}: ${what}`);
  };
  const run = await bench.ended(request, 180_000);
  const putBack = run.state === 'failed' && run.putBack;
  wrong(run.state === 'done' || putBack, `ended as ${run.state}: ${run.failure?.message ?? ''}`);
  const primary = await until('one member takes writes', async () => {
    const open = await bench.watch.writable();
    return open.length === 1 ? open[0] : undefined;
  });
  const reached = primary === 'west-1' ? WEST : EAST;
  wrong((reached === to) === (run.state === 'done'), `is ${run.state} and ${primary} takes writes`);
  const steps = stepsTold(await bench.entries(request));
  const done = run.steps.flatMap(({ name, state }) => (state === 'done' ? [name] : []));
  wrong(
    JSON.stringify(steps.filter((step) => done.includes(step))) === JSON.stringify(done),
    `told ${steps}, did ${done}`,
  );
  wrong(new Set(steps).size === steps.length, `told a step twice: ${steps}`);
  const verdict = await bench.verify();
  wrong(verdict.whole, `the record is broken: ${JSON.stringify(verdict)}`);
  const audit = await bench.audit();
  const counted = countedLoss(run);
  const says = `of ${audit.checked} acknowledged writes lost ${audit.missing}, by the receipt ${counted}`;
  wrong(audit.missing === counted && audit.changed === 0, says);
  wrong(bench.watch.doubles.length === 0, `two took writes: ${bench.watch.doubles.join('; ')}`);
  await until('one region serves', async () => {
    const serving = (await bench.stats()).byRegion.filter(({ acknowledged }) => acknowledged > 0);
    return serving.length === 1 && serving[0]?.region === reached;
  }).catch(() => wrong(false, `not exactly ${reached} serves`));
  return faults;
}

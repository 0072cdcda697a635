import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestId } from '#core';
import type { SandboxRegion } from '#sandbox/company';
import { until } from '#sandbox/servers';
import type { RunRecord } from '#workflow';
import { type CompanyBench, PEOPLE } from '../../e2e/company-bench.ts';

type Note = (what: string) => void;

/** How long a run may take to end, or to stop and say why. */
const ENDS_WITHIN_MS = 240_000;

/** What came of a line that somebody typed. */
export type Asked =
  | { readonly state: 'started'; readonly request: RequestId; readonly run: RunRecord }
  | { readonly state: 'refused'; readonly request: RequestId; readonly why: string }
  | { readonly state: 'unknown'; readonly why: string };

/** Types a line that needs two approvals, gives them, and waits for its end. Never throws: what went wrong is an answer. */
export async function askAndApprove(bench: CompanyBench, line: string, note: Note): Promise<Asked> {
  try {
    const request = await begin(bench, line, note);
    if (typeof request !== 'string') return request;
    return { state: 'started', request, run: await bench.ended(request, ENDS_WITHIN_MS) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    note(`${line}: ${why}`);
    return { state: 'unknown', why };
  }
}

/**
 * As somebody does whose line got no answer: types it again, some seconds later. A bot that is frozen keeps its place with Slack
 * until its silence is noticed, and gets half of the lines until then.
 */
export async function insist(bench: CompanyBench, line: string, note: Note): Promise<Asked> {
  for (let tries = 1; ; tries += 1) {
    const asked = await askAndApprove(bench, line, note);
    if (asked.state !== 'unknown' || tries === TRIES) return asked;
    await sleep(3_000);
  }
}

const TRIES = 8;

/** The same without waiting for the end. @throws Error when it could not even be asked for */
export async function begin(
  bench: CompanyBench,
  line: string,
  note: Note,
): Promise<RequestId | Extract<Asked, { state: 'refused' }>> {
  const { request, ackMs } = await bench.ask(PEOPLE.mike, line);
  note(`${request}: ${line} (acknowledged after ${Math.round(ackMs)} ms)`);
  const record = await until(
    `${request} is previewed`,
    async () => {
      const now = await bench.request(request);
      return now === undefined || now.state === 'checking' ? undefined : now;
    },
    { withinMs: 60_000 },
  );
  if (record.state === 'refused') {
    const why = record.decisionReason ?? 'without a reason';
    note(`${request}: refused: ${why}`);
    return { state: 'refused', request, why };
  }
  if (record.state === 'waiting') for (const person of approversOf(line)) await press(bench, request, person);
  return request;
}

/** By the plan: a rebuild is the Database Admin's alone. */
const approversOf = (line: string): string[] =>
  line.startsWith('/dr rebuild') ? [PEOPLE.alex] : [PEOPLE.john, PEOPLE.alex];

/** Again where the click got lost: half of them go to a bot that is frozen. */
const press = (bench: CompanyBench, request: RequestId, person: string): Promise<unknown> =>
  until(`${person} approves ${request}`, () => bench.approve(request, [person]).then(() => true), {
    withinMs: 60_000,
    everyMs: 2_000,
  });

/**
 * Asks again while it is refused: a region that just came back is not fit at once. Resolves with the last answer, or before it
 * when `unless` says that there is nothing to ask for any more.
 */
export async function askUntilStarted(
  bench: CompanyBench,
  line: string,
  note: Note,
  { withinMs, unless = async () => false }: { readonly withinMs: number; readonly unless?: () => Promise<boolean> },
): Promise<Asked | 'not needed'> {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await unless()) return 'not needed';
    const asked = await askAndApprove(bench, line, note);
    if (asked.state === 'started' || performance.now() > end) return asked;
    await sleep(5_000);
  }
}

/** A run that waits for a person is tried again, then put back, then closed: the buttons of its card, in their order. */
export async function settle(bench: CompanyBench, request: RequestId, note: Note): Promise<RunRecord | undefined> {
  for (const line of [undefined, `/dr resume ${request}`, `/dr stop ${request} --reason "disaster"`]) {
    if (line !== undefined) {
      note(line);
      await bench.company.slack.asUser(PEOPLE.mike).slash(line);
      await sleep(3_000);
    }
    const run = await bench.ended(request, ENDS_WITHIN_MS).catch(() => undefined);
    if (run === undefined || run.state !== 'failed' || run.putBack) return run;
    note(`${request}: ${run.state}: ${run.failure?.message}`);
  }
  await bench.company.slack.asUser(PEOPLE.mike).slash(`/dr cancel ${request}`);
  return bench.run(request);
}

/** Whether drivers were acknowledged anything in the last two seconds. */
export async function serves(bench: CompanyBench): Promise<boolean> {
  const seen = await bench.stats().catch(() => undefined);
  return (seen?.perSecond ?? 0) > 0;
}

export const other = (region: SandboxRegion): SandboxRegion => (region === 'us-east-1' ? 'us-west-2' : 'us-east-1');

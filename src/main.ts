import { keepGarbageYoung } from './main/garbage.ts';
import type { Holdfast } from './main/open-holdfast.ts';

// Everything below is loaded when it is needed: `dr plan check` must answer at once, without Slack's or AWS's SDK.
const USAGE = `holdfast ROLE
  bot      listens and talks in Slack
  worker   carries runs
  capture  makes what is written durable in other regions
  detector looks whether everything works, from its region
  all      all of them in one process
  dr ...   the same commands in a terminal: dr help
`;

type Part = (holdfast: Holdfast) => Promise<() => Promise<void>>;

const bot: Part = async (holdfast) => (await import('./main/bot.ts')).startBot(holdfast);
const capture: Part = async (holdfast) => (await import('./main/capture.ts')).startCapture(holdfast);
const detector: Part = async (holdfast) => {
  const [{ startDetector }, { onFindings, startIncidents }, { startRegionLeases }] = await Promise.all([
    import('./main/detector.ts'),
    import('./main/incidents.ts'),
    import('./main/region-leases.ts'),
  ]);
  const { pager } = holdfast.flow.incidents;
  const parts = { onFindings: onFindings(holdfast), ...(pager ? { checkPager: () => pager.check() } : {}) };
  const leases = await startRegionLeases(holdfast);
  const stops = [leases, await startDetector(holdfast, parts), startIncidents(holdfast)];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
};
const worker: Part = async (holdfast) => (await import('./main/worker.ts')).startWorker(holdfast);

/** Starts the parts of a role; they stop in reverse order at SIGTERM or SIGINT. */
async function serve(role: string, starts: readonly Part[]): Promise<void> {
  const { openHoldfast } = await import('./main/open-holdfast.ts');
  const holdfast = await openHoldfast(role);
  const stops: (() => Promise<void>)[] = [];
  for (const start of starts) stops.push(await start(holdfast));
  const stop = async (): Promise<void> => {
    for (const each of stops.reverse()) await each();
    await holdfast.closers.close();
    // What still holds the event loop open (a dead Redis, a silent socket) must not keep us from ending.
    process.exit(0);
  };
  const { watchServing } = await import('./main/watch-serving.ts');
  stops.push(watchServing(holdfast, stop));
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}

async function main([role = '', ...rest]: readonly string[]): Promise<number | undefined> {
  switch (role) {
    case 'bot':
      await serve(role, [bot]);
      return undefined;
    case 'worker':
      keepGarbageYoung();
      await serve(role, [worker]);
      return undefined;
    case 'capture':
      await serve(role, [capture]);
      return undefined;
    case 'detector':
      await serve(role, [detector]);
      return undefined;
    case 'all':
      keepGarbageYoung();
      await serve(role, [worker, capture, detector, bot]);
      return undefined;
    case 'dr':
      return (await import('./terminal/run-terminal.ts')).runTerminal(rest);
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}

try {
  const code = await main(process.argv.slice(2));
  if (code !== undefined) process.exit(code);
} catch (thrown) {
  const { asDrError } = await import('#core');
  const error = asDrError(thrown);
  process.stderr.write(`${error.message}\n${error.hint ? `Next: ${error.hint}\n` : ''}`);
  if (error.kind === 'bug') process.stderr.write(`${error.stack}\n`);
  process.exit(error.kind === 'user' ? 2 : 1);
}

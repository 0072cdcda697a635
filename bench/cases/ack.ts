import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogLevel, SocketModeReceiver } from '@slack/bolt';
import { openControlStore } from '#adapters/control-store';
import { openIntakes } from '#flows';
import { type Company, type RoleSpec, startCompany } from '#sandbox/company';
import { until } from '#sandbox/servers';
import { rosterPeople, type SlackWorkspace, startSlackWorkspace } from '#sandbox/slack';
import { type BenchCase, secondsSince } from '../bench-case.ts';

const COMMANDS = 500;
/** Not counted: processes that were started a second ago read their code from disk and open their connections. */
const FIRST = 40;
/** People who type at the same time, each a moment after their last line arrived: about 25 lines a second in all. */
const AT_ONCE = 4;
const PAUSE_MS = 150;
const ALEX = 'U0ALEXCHEN';
const LINE = '/dr help failover';
/** As compose.yaml has it: whoever answers people carries no backup beside it. */
const AS_DEPLOYED: readonly RoleSpec[] = [
  { role: 'bot', region: 'us-east-1' },
  { role: 'worker', region: 'us-east-1' },
  { role: 'bot', region: 'us-west-2' },
  { role: 'worker', region: 'us-west-2' },
];

/**
 * How long people wait until Slack shows that their line arrived: 500 commands in the whole company while backups run
 * and drivers write. `lost` counts lines that were acknowledged and never handled. Floor: the same 500 lines to a
 * receiver that acknowledges at once and stores nothing.
 */
export const ackCase: BenchCase = {
  name: 'ack',
  async measure({ scale, say }) {
    const commands = Math.max(20, Math.round(COMMANDS * scale));
    const floor = await floorOf(commands);
    say(`floor: ${commands} acknowledgements in ${floor.seconds} s, p99 ${floor.p99ms} ms`);
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-ack-'));
    const company = await startCompany({
      dir,
      roles: AS_DEPLOYED,
      perSecond: 50,
      onReady: (part) => say(`${part} ready`),
    });
    try {
      const backups = keepBackingUp(company);
      const first = await typeAll(company.slack, FIRST);
      say(`the first ${FIRST} lines after the start: p99 ${first.p99ms} ms`);
      const typed = await typeAll(company.slack, commands);
      const count = await backups.stop();
      say(`${count} backups ran meanwhile`);
      return { ours: { ...typed, backups: count, lost: await lostOf(company, FIRST + commands) }, floor };
    } finally {
      await company.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

interface Typed {
  readonly seconds: number;
  readonly p50ms: number;
  readonly p99ms: number;
  readonly refused: number;
  readonly [figure: string]: number;
}

async function typeAll(slack: SlackWorkspace, commands: number): Promise<Typed> {
  const tookMs: number[] = [];
  let refused = 0;
  let left = commands;
  const startMs = performance.now();
  const typist = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const sentMs = performance.now();
      const outcome = await slack.asUser(ALEX).slash(LINE);
      tookMs.push(performance.now() - sentMs);
      if (!outcome.ok) refused += 1;
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, typist));
  const sorted = tookMs.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { seconds: secondsSince(startMs), p50ms: at(0.5), p99ms: at(0.99), refused };
}

/** One backup after the other, asked for as anybody would. */
function keepBackingUp({ slack }: Company): { stop(): Promise<number> } {
  let ended = false;
  let count = 0;
  const loop = async (): Promise<void> => {
    while (!ended) {
      const done = doneCards(slack);
      await slack.asUser(ALEX).slash('/dr backup mongodb');
      await slack.waitFor(() => ended || doneCards(slack) > done, 120_000, 'a backup').catch(() => undefined);
      count += doneCards(slack) > done ? 1 : 0;
    }
  };
  const running = loop();
  return {
    stop: async () => {
      ended = true;
      await running;
      return count;
    },
  };
}

const doneCards = (slack: SlackWorkspace): number =>
  slack.messages().filter(({ text, thread_ts }) => thread_ts === undefined && text.startsWith('DONE')).length;

/** Lines that were typed and are not in the control store as done. */
async function lostOf({ env }: Company, commands: number): Promise<number> {
  const control = openControlStore({ uri: env['CONTROL_MONGODB_URI'] ?? '' });
  try {
    const intakes = openIntakes(control.store);
    const done = async (): Promise<number> => {
      const found = await intakes.find({ where: { state: 'done' }, limit: commands * 4 });
      return found.filter(({ value: { incoming } }) => incoming.kind === 'command' && `/dr ${incoming.text}` === LINE)
        .length;
    };
    await until('every line is handled', async () => (await done()) >= commands, { withinMs: 60_000 }).catch(
      () => undefined,
    );
    return commands - (await done());
  } finally {
    await control.close();
  }
}

async function floorOf(commands: number): Promise<Typed> {
  const slack = await startSlackWorkspace({ people: [...rosterPeople] });
  const receiver = new SocketModeReceiver({
    appToken: slack.tokens.app,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  receiver.client.on('slack_event', ({ ack }: { ack: () => Promise<void> }) => void ack());
  try {
    await receiver.client.start();
    await slack.waitFor(() => slack.connections > 0, 10_000, 'the socket');
    return await typeAll(slack, commands);
  } finally {
    await receiver.client.disconnect();
    await slack.stop();
  }
}

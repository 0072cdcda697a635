import { userInfo } from 'node:os';
import { DrError, type DrError as Refusal, RequestId, systemClock } from '#core';
import { type Asking, commandFlow, type Reply, requestCard, type Speaker, viewOf } from '#flows';
import { parseCommand } from '#chatops';
import { type Holdfast, openHoldfast } from '../main/open-holdfast.ts';
import { renderCard } from './render-card.ts';
import type { Reader } from './render-text.ts';
import type { Card } from '#ports';

/** What a shell reads: 0 done, 1 failed, 2 wrong use, 3 refused, 4 waiting. */
type ExitCode = 0 | 1 | 2 | 3 | 4;

/** Options of the terminal itself; everything else is the command. */
interface TerminalOptions {
  readonly as: string | undefined;
  readonly json: boolean;
  readonly watch: boolean;
  readonly detach: boolean;
  readonly line: string;
}

/**
 * The same commands as in Slack, for when Slack is down: same roles, same approvals, same record. Whoever asks is
 * named by `--as`, which counts only where HOLDFAST_TRUST_AS says that this machine's users are trusted.
 * Returns the exit code.
 */
export async function runTerminal(argv: readonly string[]): Promise<ExitCode> {
  const options = readOptions(argv);
  const holdfast = await openHoldfast('terminal');
  try {
    const speaker = speakerFor(options, holdfast);
    const screen = createScreen(options, speaker, holdfast);
    const asking = await askingFor(options.line, speaker, holdfast);
    await commandFlow(asking, holdfast.flow, screen.reply);
    if (screen.code() !== 0) return screen.code();
    if (!asking.request || options.detach) return options.detach && asking.request ? 4 : 0;
    return await follow(asking.request, screen.show, holdfast);
  } finally {
    await holdfast.closers.close();
  }
}

function readOptions(argv: readonly string[]): TerminalOptions {
  const rest: string[] = [];
  let as: string | undefined;
  const switches = new Set<string>();
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--as') {
      as = argv[index + 1];
      index += 1;
    } else if (word === '--json' || word === '--watch' || word === '--detach') switches.add(word);
    // The shell took the quotes away: what had spaces gets them back.
    else rest.push(/[\s"]/.test(word) ? JSON.stringify(word) : word);
  }
  return {
    as,
    json: switches.has('--json'),
    watch: switches.has('--watch'),
    detach: switches.has('--detach'),
    line: rest.join(' '),
  };
}

function speakerFor({ as }: TerminalOptions, { config, flow }: Holdfast): Speaker {
  const user = userInfo().username;
  const base = { team: 'terminal', user, via: 'terminal' } as const;
  if (as === undefined) return { ...base, name: user, timeZone: flow.plan.timeZone };
  if (!config.trustAs) {
    throw new DrError('NOT_ALLOWED', 'user', '--as counts only where HOLDFAST_TRUST_AS is set. Nothing was changed.', {
      hint: 'On a machine whose users you trust: HOLDFAST_TRUST_AS=1',
    });
  }
  const person = flow.roster.findPerson(as);
  return { ...base, person: person.id, name: person.name, timeZone: person.timeZone };
}

async function askingFor(line: string, speaker: Speaker, { flow }: Holdfast): Promise<Asking> {
  const intake = `terminal:${flow.random(12).toString('hex')}`;
  return { line, speaker, intake, request: needsNumber(line, flow) ? await nextRequest(flow) : undefined };
}

const nextRequest = async (flow: Holdfast['flow']): Promise<RequestId> =>
  RequestId.parse(`R-${await flow.store.nextNumber('requests')}`);

function needsNumber(line: string, flow: Holdfast['flow']): boolean {
  try {
    const parsed = parseCommand(line, flow.commands);
    return parsed.kind === 'ready' && parsed.command.does.kind === 'runs' && !parsed.dryRun;
  } catch {
    return false;
  }
}

function createScreen(options: TerminalOptions, speaker: Speaker, { flow }: Holdfast) {
  let code: ExitCode = 0;
  const color = process.stdout.isTTY === true && !options.json && !noColor();
  const show = (card: Card): void => {
    if (options.json) {
      process.stdout.write(`${JSON.stringify(card)}\n`);
      return;
    }
    const reader: Reader = { now: systemClock.now(), timeZone: speaker.timeZone, name: (person) => flow.roster.name(person), color };
    process.stdout.write(`${renderCard(card, reader, process.stdout.columns ?? 80)}\n\n`);
  };
  const reply: Reply = {
    say: async (card) => show(card),
    refuse: async (error, card) => {
      code = exitCodeOf(error);
      show(card);
    },
    ask: undefined,
  };
  return { reply, show, code: () => code };
}

function exitCodeOf({ code, kind }: Refusal): ExitCode {
  if (code === 'COMMAND_UNKNOWN' || code === 'ARGUMENTS_INVALID') return 2;
  return kind === 'user' ? 3 : 1;
}

const noColor = (): boolean => process.stdout.hasColors?.() === false;

/** Shows a request's card whenever it changes, until it has ended. Ctrl-C leaves it as it is. */
async function follow(id: RequestId, show: (card: Card) => void, { flow }: Holdfast): Promise<ExitCode> {
  let shown = '';
  for (;;) {
    const view = await viewOf(id, flow);
    if (!view) return 1;
    const state = `${view.request.state}/${view.run?.state ?? ''}/${view.run?.steps.map((step) => step.state).join()}/${view.request.approvals.length}`;
    if (state !== shown) {
      shown = state;
      show(requestCard(view));
    }
    if (view.request.state === 'approved') {
      if (view.run?.state === 'done') return 0;
      if (view.run && ['failed', 'stopped', 'refused'].includes(view.run.state)) return 1;
    } else if (!['checking', 'waiting'].includes(view.request.state)) return 3;
    await flow.clock.sleep(500);
  }
}

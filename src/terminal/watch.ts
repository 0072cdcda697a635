import { parseCommand } from '#chatops';
import { DrError, RequestId } from '#core';
import { type Speaker, viewOf } from '#flows';
import type { Holdfast } from '../main/open-holdfast.ts';
import { answerTo } from './answer-to.ts';
import { type ExitCode, exitCodeOfRequest, hasEnded } from './exit-code.ts';
import { leaveOnInterrupt } from './follow.ts';
import type { Screen } from './screen.ts';

const AGAIN_MS = 1_000;

/** `status` and `show` again and again: until Ctrl-C, or until the request that is shown has ended. */
export async function watch(line: string, speaker: Speaker, screen: Screen, holdfast: Holdfast): Promise<ExitCode> {
  const { flow } = holdfast;
  const parsed = parseCommand(line, flow.commands);
  const name = parsed.command.name;
  if (name !== 'status' && name !== 'show') {
    throw new DrError('ARGUMENTS_INVALID', 'user', `--watch is for status and show, not for ${name}.`, {
      hint: `dr ${line}`,
    });
  }
  const watched = parsed.kind === 'ready' ? RequestId.safeParse(requestIn(parsed.args)) : undefined;
  const left = leaveOnInterrupt();
  try {
    for (;;) {
      screen.clear();
      const intake = `terminal:${flow.random(12).toString('hex')}`;
      const code = await answerTo({ line, speaker, intake, request: undefined }, screen, holdfast);
      if (code !== 0 || left.signal.aborted) return code;
      if (watched?.success) {
        const view = await viewOf(watched.data, flow);
        if (view && hasEnded(view)) return exitCodeOfRequest(view);
      }
      await flow.clock.sleep(AGAIN_MS, left.signal).catch(() => undefined);
      if (left.signal.aborted) return 0;
    }
  } finally {
    left.stop();
  }
}

const requestIn = (args: unknown): unknown =>
  typeof args === 'object' && args !== null && 'request' in args ? args.request : undefined;

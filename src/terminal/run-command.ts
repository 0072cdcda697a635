import { DrError, RequestId } from '#core';
import { type Asking, type Speaker, startsRun } from '#flows';
import { type Holdfast, openHoldfast } from '../main/open-holdfast.ts';
import { answerTo } from './answer-to.ts';
import { endWithin } from './end-within.ts';
import type { ExitCode } from './exit-code.ts';
import { follow } from './follow.ts';
import { lineOf, type TerminalOptions } from './options.ts';
import { createScreen, type Output, type Screen } from './screen.ts';
import { speakerFor } from './speaker.ts';
import { watch } from './watch.ts';

/** A command of the common list, said here. Throws what keeps Holdfast from opening. */
export async function runCommand(options: TerminalOptions, out: Output): Promise<ExitCode> {
  // Log lines between cards help nobody; what matters is on the cards.
  const holdfast = await openHoldfast('terminal', { logLevel: 'fatal' });
  try {
    const speaker = await speakerFor(options, holdfast);
    const { roster } = holdfast.flow;
    const name = roster.name;
    const screen = createScreen({ json: options.json, timeZone: speaker.timeZone, name, out });
    const line = lineOf(options.words);
    if (options.watch) return await watch(line, speaker, screen, holdfast);
    return await sayOnce(line, speaker, screen, options, holdfast);
  } finally {
    await endWithin(holdfast.closers.close(), 1_000);
  }
}

async function sayOnce(
  line: string,
  speaker: Speaker,
  screen: Screen,
  options: TerminalOptions,
  holdfast: Holdfast,
): Promise<ExitCode> {
  const request = startsRun(line, holdfast.flow) ? await nextRequest(holdfast.flow) : undefined;
  const intake = `terminal:${holdfast.flow.random(12).toString('hex')}`;
  const asking: Asking = { line, speaker, intake, request };
  const answer = await answerTo(asking, screen, holdfast);
  if (answer !== 0 || !request) return answer;
  return await follow(request, screen, holdfast, { detach: options.detach });
}

async function nextRequest(flow: Holdfast['flow']): Promise<RequestId> {
  const number = RequestId.safeParse(`R-${await flow.store.nextNumber('requests')}`);
  if (number.success) return number.data;
  throw new DrError('UNEXPECTED', 'bug', 'The control store gave no request number.');
}

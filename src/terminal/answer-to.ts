import { asDrError } from '#core';
import { type Asking, commandFlow, type Reply } from '#flows';
import type { Holdfast } from '../main/open-holdfast.ts';
import { type ExitCode, exitCodeOf } from './exit-code.ts';
import type { Screen } from './screen.ts';

/** Runs the command flow once; what it says goes to the screen. Returns the exit code of what was said. */
export async function answerTo(asking: Asking, screen: Screen, { flow }: Holdfast): Promise<ExitCode> {
  let code: ExitCode = 0;
  const { request } = asking;
  const reply: Reply = {
    // A request's own card follows and says more than "see the channel".
    say: async (card) => {
      if (!request) screen.show(card, { state: 'answered', exitCode: 0 });
    },
    refuse: async (error, card) => {
      code = exitCodeOf(error);
      screen.show(card, { request, state: error.code, exitCode: code });
    },
    ask: undefined,
  };
  try {
    await commandFlow(asking, flow, reply);
  } catch (thrown) {
    // It was refused above already; nobody holds a payload here that could be tried again.
    if (code === 0) throw asDrError(thrown);
  }
  return code;
}

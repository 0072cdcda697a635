import { asDrError } from '#core';
import { type ExitCode, exitCodeOf } from './exit-code.ts';
import { readOptions } from './options.ts';
import { ownCommandOf } from './own-commands.ts';
import { createScreen, type Output, refusalLines } from './screen.ts';

/**
 * The same commands as in Slack, for when Slack is down: same roles, same approvals, same record; and a few that only a
 * terminal has. Never rejects. Returns the exit code.
 */
export async function runTerminal(argv: readonly string[], out: Output = process.stdout): Promise<ExitCode> {
  const options = readOptions(argv);
  try {
    const own = ownCommandOf(options.words);
    if (own) return await own.command.run(own.rest, { options, out });
    if (options.words[0] === 'help' || options.words.length === 0) {
      return await (await import('./help.ts')).runHelp(options.words.slice(1), { options, out });
    }
    return await (await import('./run-command.ts')).runCommand(options, out);
  } catch (thrown) {
    const error = asDrError(thrown);
    const exitCode = exitCodeOf(error);
    if (error.kind === 'bug') process.stderr.write(`${error.stack}\n`);
    const screen = createScreen({ json: options.json, timeZone: 'UTC', name: String, out });
    screen.say(refusalLines(error), { state: error.code, exitCode });
    return exitCode;
  }
}

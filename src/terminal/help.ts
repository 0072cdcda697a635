import { commands } from '#commands';
import { systemClock } from '#core';
import { helpCard, helpForCommand } from '#flows';
import { createRoster } from '#oncall';
import { loadPlan } from '#plan';
import type { ExitCode } from './exit-code.ts';
import type { OwnContext } from './own-command.ts';
import { ownCommands } from './own-commands.ts';
import { planPathFromEnvironment } from './plan-path.ts';
import { createScreen } from './screen.ts';

/** `dr help [command]`: made from the lists and the plan alone, so it answers while every server is down. */
export async function runHelp(words: readonly string[], { options, out }: OwnContext): Promise<ExitCode> {
  const screen = createScreen({ json: options.json, timeZone: 'UTC', name: String, out });
  const about = { state: 'answered', exitCode: 0 } as const;
  const own = ownCommands.find(({ name }) => name === words.join(' '));
  if (own) {
    screen.say([`dr ${own.name} ${own.usage}`.trim(), `${own.summary}.`, 'Only in a terminal.'], about);
    return 0;
  }
  const { plan } = await loadPlan(planPathFromEnvironment());
  const flow = { plan, roster: createRoster(plan), commands };
  if (words.length > 0) {
    screen.show(helpForCommand(words.join(' '), flow), about);
    return 0;
  }
  const person = options.as === undefined ? undefined : flow.roster.findPerson(options.as);
  const asked = {
    person: person?.id,
    name: person?.name ?? 'you',
    via: 'terminal',
    at: systemClock.now(),
    timeZone: plan.timeZone,
    intake: 'help',
    incident: undefined,
    request: undefined,
  } as const;
  screen.show(helpCard(asked, flow), about);
  screen.say(
    ['Only in a terminal', ...ownCommands.map(({ name, summary }) => `  dr ${name.padEnd(16)} ${summary}`)],
    about,
  );
  return 0;
}

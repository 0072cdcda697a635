import { readFile } from 'node:fs/promises';
import { DrError, shortHash } from '#core';
import { planHash, readPlan, sayMistakes } from '#plan';
import type { ExitCode } from './exit-code.ts';
import type { OwnContext } from './own-command.ts';
import { planPathFromEnvironment } from './plan-path.ts';
import { createScreen } from './screen.ts';

/** `dr plan check [path]`: every mistake at once with line and column. Needs no servers and no other setting. */
export async function runPlanCheck([given]: readonly string[], { options, out }: OwnContext): Promise<ExitCode> {
  const path = given ?? planPathFromEnvironment();
  const screen = createScreen({ json: options.json, timeZone: 'UTC', name: String, out });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DrError('PLAN_INVALID', 'user', `The plan ${path} cannot be read.`, {
      hint: 'dr plan check PATH, or set HOLDFAST_PLAN.',
      cause,
    });
  });
  const read = readPlan(text);
  if (read.kind === 'mistakes') {
    screen.say(sayMistakes(path, read.mistakes, false).split('\n'), { state: 'PLAN_INVALID', exitCode: 1 });
    return 1;
  }
  const { plan } = read;
  const counts = `${Object.keys(plan.regions).length} regions, ${Object.keys(plan.roster.people).length} people`;
  screen.say([`${path} has no mistakes: ${counts}, plan ${shortHash(planHash(plan))}.`], {
    state: 'done',
    exitCode: 0,
  });
  return 0;
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DrError } from '#core';
import { takeCalendar } from '#flows';
import { openHoldfast } from '../main/open-holdfast.ts';
import { endWithin } from './end-within.ts';
import type { ExitCode } from './exit-code.ts';
import { flagValue } from './options.ts';
import type { OwnContext } from './own-command.ts';
import { createScreen } from './screen.ts';
import { speakerFor } from './speaker.ts';

/** `dr oncall import FILE --role ROLE`: shifts from a calendar. A terminal's alone, because Slack gives no file to read. */
export async function runOncallImport(words: readonly string[], { options, out }: OwnContext): Promise<ExitCode> {
  const [path] = words;
  const role = flagValue(words, 'role');
  if (path === undefined || path.startsWith('--') || role === undefined) {
    throw new DrError('ARGUMENTS_INVALID', 'user', 'Which calendar, and for which role? Nothing was changed.', {
      hint: 'dr oncall import shifts.ics --role database-admin',
    });
  }
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DrError('ARGUMENTS_INVALID', 'user', `${path} can not be read. Nothing was changed.`, { cause });
  });
  const holdfast = await openHoldfast('terminal', { logLevel: 'fatal' });
  try {
    const { flow } = holdfast;
    const speaker = await speakerFor(options, holdfast);
    const screen = createScreen({ json: options.json, timeZone: speaker.timeZone, name: flow.roster.name, out });
    const asked = { person: speaker.person, name: speaker.name, at: await flow.store.now() };
    const calendar = { text, role, name: flagValue(words, 'name') ?? basename(path) };
    screen.show(await takeCalendar(calendar, asked, flow.world), { state: 'done', exitCode: 0 });
    return 0;
  } finally {
    await endWithin(holdfast.closers.close(), 1_000);
  }
}

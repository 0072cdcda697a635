import { createTotpStepUp } from '#approvals';
import { counted, DrError, formatUtc, mention, type PersonId, Role, say, systemRandom } from '#core';
import type { Speaker } from '#flows';
import { type Holdfast, openHoldfast } from '../../main/open-holdfast.ts';
import { endWithin } from '../end-within.ts';
import type { ExitCode } from '../exit-code.ts';
import { flagValue } from '../options.ts';
import type { OwnContext } from '../own-command.ts';
import { createScreen, type Screen } from '../screen.ts';
import { speakerFor } from '../speaker.ts';
import { askForCode } from './ask-for-code.ts';
import { openTokens } from './personal-tokens.ts';
import { forgetToken, keepToken } from './token-file.ts';

const DEFAULT_DAYS = 90;
const MOST_DAYS = 365;

/**
 * `dr login`: a personal token for terminals, and the authenticator. Who is proved already (`--as` on a trusted machine,
 * or an earlier token) gets one for this terminal; an Incident Commander gives them out to others. Nothing of this can be
 * done through Slack, because a token must survive the loss of a Slack account.
 */
export async function runLogin(words: readonly string[], { options, out }: OwnContext): Promise<ExitCode> {
  const holdfast = await openHoldfast('terminal', { logLevel: 'fatal' });
  try {
    const { flow } = holdfast;
    const speaker = await speakerFor(options, holdfast);
    const name = flow.roster.name;
    const screen = createScreen({ json: options.json, timeZone: speaker.timeZone, name, out });
    const wanted = flagValue(words, 'for');
    const person = wanted === undefined ? itself(speaker) : flow.roster.findPerson(wanted).id;
    const by = mayHandle(speaker, person, holdfast);
    if (words.includes('--authenticator')) return await enrol(words, person, by, screen, holdfast);
    if (words.includes('--revoke')) return await revoke(person, by, screen, holdfast);
    return await issue(daysIn(words), person, by, screen, holdfast);
  } finally {
    await endWithin(holdfast.closers.close(), 1_000);
  }
}

function itself({ person }: Speaker): PersonId {
  if (person) return person;
  throw new DrError('NOT_ALLOWED', 'user', 'Holdfast does not know who you are. Nothing was changed.', {
    hint: 'An Incident Commander gives you a token: dr login --for "Your Name". Keep it in HOLDFAST_TOKEN_FILE.',
  });
}

/** For oneself; for others only an Incident Commander. */
function mayHandle({ person }: Speaker, whose: PersonId, { flow }: Holdfast): PersonId {
  const commander = Role.parse('incident-commander');
  if (person && (person === whose || flow.roster.rolesOf(person).includes(commander))) return person;
  const people = flow.roster.holders(commander).map((each) => flow.roster.name(each));
  throw new DrError('NOT_ALLOWED', 'user', 'Only an Incident Commander does this for others. Nothing was changed.', {
    hint: `Ask ${people.join(' or ')}.`,
  });
}

function daysIn(words: readonly string[]): number {
  const days = Number(flagValue(words, 'days') ?? DEFAULT_DAYS);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `--days is a whole number from 1 to ${MOST_DAYS}. Nothing was changed.`,
  );
}

async function issue(
  days: number,
  person: PersonId,
  by: PersonId,
  screen: Screen,
  holdfast: Holdfast,
): Promise<ExitCode> {
  const { flow, config } = holdfast;
  const { token, record } = await openTokens(flow.store).issue(person, by, days, systemRandom);
  await note(
    `token/${record.id}`,
    say`Personal token for ${mention(person)} given, until ${{ time: record.expiresAt }}.`,
    by,
    holdfast,
  );
  const until = formatUtc(record.expiresAt, flow.clock.now());
  if (person !== by) {
    const lines = [
      `Token for ${flow.roster.name(person)}, until ${until}. It is shown this once:`,
      token,
      'Hand it over in person; it belongs into HOLDFAST_TOKEN_FILE, mode 0600.',
    ];
    screen.say(lines, { state: 'done', exitCode: 0 });
    return 0;
  }
  const path = await keepToken(config, token);
  screen.say(
    [`You are ${flow.roster.name(person)} in this terminal until ${until}.`, `The token is in ${path}, for you alone.`],
    { state: 'done', exitCode: 0 },
  );
  return 0;
}

async function revoke(person: PersonId, by: PersonId, screen: Screen, holdfast: Holdfast): Promise<ExitCode> {
  const { flow, config } = holdfast;
  const count = await openTokens(flow.store).revoke(person);
  const at = await flow.store.now();
  if (count > 0)
    await note(
      `token/revoked/${person}/${at.toISOString()}`,
      say`Personal tokens of ${mention(person)} revoked: ${count}.`,
      by,
      holdfast,
    );
  if (person === by) await forgetToken(config);
  screen.say([`${counted(count, 'token')} of ${flow.roster.name(person)} revoked.`], {
    state: 'done',
    exitCode: 0,
  });
  return 0;
}

async function enrol(
  words: readonly string[],
  person: PersonId,
  by: PersonId,
  screen: Screen,
  holdfast: Holdfast,
): Promise<ExitCode> {
  const { flow, config, plan } = holdfast;
  if (!config.stepUpKey) {
    throw new DrError('CONFIG_INVALID', 'user', 'Authenticators need HOLDFAST_STEP_UP_KEY. Nothing was changed.', {
      hint: 'Make one: openssl rand -base64 32. The bot and the terminal need the same.',
    });
  }
  const sealKey = Buffer.from(config.stepUpKey.reveal(), 'base64');
  const totp = createTotpStepUp({ store: flow.store, sealKey, random: systemRandom, issuer: plan.system.name });
  const name = flow.roster.name(person);
  if (words.includes('--revoke')) {
    if (person === by)
      throw new DrError(
        'NOT_ALLOWED',
        'user',
        'A lost device is removed by somebody else: an Incident Commander. Nothing was changed.',
      );
    await totp.remove(person);
    await note(
      `authenticator/removed/${person}/${(await flow.store.now()).toISOString()}`,
      say`Authenticator of ${mention(person)} removed.`,
      by,
      holdfast,
    );
    screen.say([`${name} has no authenticator any more.`], { state: 'done', exitCode: 0 });
    return 0;
  }
  if (person !== by)
    throw new DrError('NOT_ALLOWED', 'user', 'An authenticator is enrolled by its owner. Nothing was changed.');
  const given = flagValue(words, 'code');
  if (given === undefined) {
    const { secret, uri } = await totp.enrol(person);
    screen.say([`Put this into your authenticator app, ${name}. It is shown this once:`, secret, uri], {
      state: 'waiting',
      exitCode: 4,
    });
  }
  const code = given ?? (await askForCode('Code it shows now: '));
  if (code === undefined) {
    screen.say(['It counts once it has shown its first code: dr login --authenticator --code 123456'], {
      state: 'waiting',
      exitCode: 4,
    });
    return 4;
  }
  if (!(await totp.confirm(person, code))) {
    screen.say(
      ['That code is not right. The authenticator does not count yet.', 'Next: dr login --authenticator --code 123456'],
      { state: 'APPROVAL_REFUSED', exitCode: 3 },
    );
    return 3;
  }
  await note(
    `authenticator/enrolled/${person}/${(await flow.store.now()).toISOString()}`,
    say`${mention(person)} enrolled an authenticator.`,
    by,
    holdfast,
  );
  screen.say(['Your authenticator counts from now on.'], { state: 'done', exitCode: 0 });
  return 0;
}

/** Who may act as whom belongs into the record. */
async function note(id: string, text: ReturnType<typeof say>, by: PersonId, { flow }: Holdfast): Promise<void> {
  await flow.timeline.append({ id, kind: 'note', actor: by, text, inThread: false });
}

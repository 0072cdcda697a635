import { userInfo } from 'node:os';
import { asDrError, DrError } from '#core';
import type { Speaker } from '#flows';
import type { Holdfast } from '../main/open-holdfast.ts';
import { openTokens } from './login/personal-tokens.ts';
import { readToken } from './login/token-file.ts';
import type { TerminalOptions } from './options.ts';

/**
 * Who is speaking: the holder of a personal token, or on a machine whose users are trusted whoever `--as` names. Nobody
 * of the roster otherwise: they may still look. Throws NOT_ALLOWED for `--as` without trust and for a token that does
 * not count.
 */
export async function speakerFor(
  { as }: Pick<TerminalOptions, 'as'>,
  { config, flow }: Pick<Holdfast, 'config' | 'flow'>,
): Promise<Speaker> {
  const user = userInfo().username;
  const base = { team: 'terminal', user, via: 'terminal' } as const;
  const known = (id: string): Speaker => {
    const person = flow.roster.findPerson(id);
    return { ...base, person: person.id, name: person.name, timeZone: person.timeZone };
  };
  if (as !== undefined) {
    if (config.trustAs) return known(as);
    throw new DrError('NOT_ALLOWED', 'user', '--as counts only where HOLDFAST_TRUST_AS is set. Nothing was changed.', {
      hint: 'Use a personal token: dr login. On a machine whose users you trust: HOLDFAST_TRUST_AS=on',
    });
  }
  const nobody: Speaker = { ...base, person: undefined, name: user, timeZone: flow.plan.timeZone };
  const token = await readToken(config);
  if (token === undefined) return nobody;
  try {
    return known(await openTokens(flow.store).check(token));
  } catch (thrown) {
    const error = asDrError(thrown);
    // With the control store gone nothing can be asked or approved anyway; looking still helps.
    if (error.code === 'STORE_UNAVAILABLE') return nobody;
    throw error;
  }
}

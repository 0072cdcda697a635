import { asDrError, type Clock, DrError, within } from '#core';

/** One thing that Holdfast needs. `look` returns what is so, or throws what is wrong; `fix` is the way out. */
export interface Check {
  readonly name: string;
  readonly look: () => Promise<string>;
  readonly fix: string;
}

export type Finding =
  | { readonly name: string; readonly state: 'OK'; readonly words: string }
  | { readonly name: string; readonly state: 'WRONG'; readonly words: string; readonly fix: string };

const WITHIN_MS = 6_000;

/** Looks at all of them at once, each with its own deadline. Never rejects. */
export const lookAtAll = (checks: readonly Check[], clock: Clock): Promise<Finding[]> =>
  Promise.all(checks.map((check) => lookAt(check, clock)));

async function lookAt({ name, look, fix }: Check, clock: Clock): Promise<Finding> {
  const late = () => new DrError('TIMED_OUT', 'transient', `No answer in ${WITHIN_MS / 1000} s.`);
  try {
    return { name, state: 'OK', words: await within(look(), { clock, ms: WITHIN_MS, late }) };
  } catch (thrown) {
    const error = asDrError(thrown);
    return { name, state: 'WRONG', words: error.message, fix: error.hint ?? fix };
  }
}

/** For a check to say what is wrong and how it is mended. */
export const wrong = (words: string, fix?: string): DrError =>
  new DrError('CONFIG_INVALID', 'permanent', words, fix === undefined ? {} : { hint: fix });

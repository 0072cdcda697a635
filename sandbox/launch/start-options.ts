import { parseArgs } from 'node:util';
import { Refusal } from './refusal.ts';

export const START_HELP = `npm start                the sandbox, with what the last start left in it
npm start -- --fresh     the same, begun over: what earlier starts left is removed

PORT=4010                where the page is; 4000 when not set
HOLDFAST_SANDBOX_DIR     where everything is kept; .sandbox when not set`;

export interface StartOptions {
  /** Forget what earlier starts left. */
  readonly fresh: boolean;
  readonly help: boolean;
}

/**
 * What was typed behind `npm start --`. npm keeps an option for itself where those two dashes were forgotten, and says in
 * `npm_config_fresh` that it did. Throws Refusal for anything else: `--frehs` must not go on as if nothing had been asked.
 */
export function startOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { fresh: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    return { fresh: values.fresh ?? env['npm_config_fresh'] === 'true', help: values.help ?? false };
  } catch {
    throw new Refusal(`npm start does not know ${argv.join(' ')}.\n\n${START_HELP}`);
  }
}

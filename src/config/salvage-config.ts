import { asDrError } from '#core';
import { type Config, loadConfig } from './load-config.ts';
import type { ConfigMistake } from './mistakes.ts';

/**
 * The environment as far as it is right, and everything that is wrong in it: for whoever looks for what is wrong. A
 * process that is to do anything uses `loadConfig`.
 */
export function salvageConfig(env: Readonly<Record<string, string | undefined>> = process.env): {
  readonly config: Config;
  readonly mistakes: readonly ConfigMistake[];
} {
  try {
    return { config: loadConfig([], env), mistakes: [] };
  } catch (thrown) {
    const error = asDrError(thrown);
    const found = error.data['mistakes'];
    if (error.code !== 'CONFIG_INVALID' || !Array.isArray(found)) throw error;
    const mistakes: ConfigMistake[] = found;
    const wrong = new Set(mistakes.map(({ name }) => name));
    const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !wrong.has(name)));
    return { config: loadConfig([], rest), mistakes };
  }
}

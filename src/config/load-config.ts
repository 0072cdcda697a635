import type { z } from 'zod';
import { closest, DrError } from '#core';
import { aroundTheConfig } from './around-the-config.ts';
import { type ConfigMistake, sayConfigMistakes } from './mistakes.ts';
import { regionalEndpoints } from './regional-endpoints.ts';
import { type VariableKey, variables } from './variables.ts';

type Values = { readonly [Key in VariableKey]: z.output<(typeof variables)[Key]['schema']> };

/** Everything from the environment, parsed and frozen. Secrets print as `[secret]`. */
export type Config = Values & {
  /** Endpoints of single regions, by region; where a region has none, `awsEndpointUrl` counts. */
  readonly awsEndpoints: Readonly<Record<string, string>>;
};

/** A configuration in which these variables are set. */
export type ConfigWith<Key extends VariableKey> = Config & {
  readonly [Needed in Key]: Exclude<Config[Needed], undefined>;
};

/**
 * Reads the environment. `needs`: what this process can't do without. Throws CONFIG_INVALID (user) that names
 * everything that is missing or wrong at once; values of secrets are never in it. Pure: the same environment gives
 * the same configuration.
 */
export function loadConfig<Key extends VariableKey = never>(
  needs: readonly Key[] = [],
  env: Readonly<Record<string, string | undefined>> = process.env,
): ConfigWith<Key> {
  const mistakes: ConfigMistake[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(variables)) {
    const given = env[variable.env]?.trim() || undefined;
    const parsed = variable.schema.safeParse(given);
    if (!parsed.success) mistakes.push(refusal(key, given, parsed.error.issues[0]?.message));
    else if (parsed.data === undefined && isOneOf(key, needs)) mistakes.push(missing(key));
    else values[key] = parsed.data;
  }
  const endpoints = regionalEndpoints(env);
  mistakes.push(...endpoints.mistakes, ...aroundTheConfig(env), ...misspelled(env));
  if (mistakes.length > 0) {
    throw new DrError('CONFIG_INVALID', 'user', sayConfigMistakes(mistakes), { hint: 'dr doctor', data: { mistakes } });
  }
  return Object.freeze({ ...(values as Values), awsEndpoints: endpoints.byRegion }) as ConfigWith<Key>;
}

/** Where AWS services of a region answer; undefined: at Amazon. */
export const awsEndpointOf = (config: Config, region: string): string | undefined =>
  config.awsEndpoints[region] ?? config.awsEndpointUrl;

const isOneOf = (key: string, keys: readonly string[]): boolean => keys.includes(key);

const variableOf = (key: string): { readonly env: string; readonly about: string } => variables[key as VariableKey];

function missing(key: string): ConfigMistake {
  const { env, about } = variableOf(key);
  return { name: env, sentence: `is missing. ${about}` };
}

/** Only switches and addresses without passwords are quoted back; of a secret not one letter. */
function refusal(key: string, given: string | undefined, phrase = 'what belongs here'): ConfigMistake {
  const { env, about } = variableOf(key);
  const isSecret = /token|secret|key|uri|redisUrl/i.test(key);
  const what = isSecret ? 'What is set' : JSON.stringify(given?.slice(0, 60));
  const noun = phrase.replace(/^(an? \S+) looks like .*/, '$1');
  return { name: env, sentence: `${what} is not ${noun}. ${about}` };
}

/** A variable that is nearly one of ours is set by somebody who believes it works. */
function misspelled(env: Readonly<Record<string, string | undefined>>): ConfigMistake[] {
  const known = Object.values(variables).map((variable) => variable.env);
  const ours = known.filter((name) => name.startsWith('HOLDFAST_'));
  return Object.keys(env)
    .filter((name) => name.startsWith('HOLDFAST_') && !known.some((variable) => variable === name))
    .filter((name) => !/^HOLDFAST_(SANDBOX|AWS_ENDPOINT)_/.test(name))
    .flatMap((name) => {
      const meant = closest(name, ours);
      return meant === undefined || Math.abs(meant.length - name.length) > 1
        ? []
        : [{ name, sentence: `is not read by anything. Did you mean ${meant}?` }];
    });
}

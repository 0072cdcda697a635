import type { Config, ConfigMistake } from '#config';
import { asDrError } from '#core';
import type { Plan } from '#plan';
import type { Finding } from './check.ts';

/**
 * Whether AWS may be asked: its SDK reads AWS_ENDPOINT_URL by itself, also when we refused what it says, and what is asked
 * there would cross the wire in the clear.
 */
export const mayAskAws = (mistakes: readonly ConfigMistake[]): boolean =>
  !mistakes.some(({ name }) => /^(AWS|HOLDFAST_AWS)_ENDPOINT/.test(name));

/** What is wrong before anybody is asked: the environment and the plan. */
export function environmentFindings(
  config: Config,
  mistakes: readonly ConfigMistake[],
  plan: { readonly plan: Plan | undefined; readonly wrong: unknown },
): Finding[] {
  return [...environment(config, mistakes), planFinding(config, plan)];
}

function environment(config: Config, mistakes: readonly ConfigMistake[]): Finding[] {
  const missing = (['controlMongodbUri', 'mongodbUri', 'kubeconfigPath'] as const).filter(
    (key) => config[key] === undefined,
  );
  const names = { controlMongodbUri: 'CONTROL_MONGODB_URI', mongodbUri: 'MONGODB_URI', kubeconfigPath: 'KUBECONFIG' };
  const wrong = [
    ...mistakes.map(
      ({ name, sentence }): Finding => ({
        name: 'environment',
        state: 'WRONG',
        words: `${name} ${sentence}`,
        fix: 'docs/operations.md lists every variable.',
      }),
    ),
    ...missing
      .filter((key) => !mistakes.some(({ name }) => name === names[key]))
      .map(
        (key): Finding => ({
          name: 'environment',
          state: 'WRONG',
          words: `${names[key]} is missing.`,
          fix: `Set ${names[key]}; docs/operations.md says to what.`,
        }),
      ),
  ];
  return wrong.length > 0
    ? wrong
    : [{ name: 'environment', state: 'OK', words: 'every variable that is set can be read' }];
}

function planFinding({ planPath }: Config, { plan, wrong }: { plan: Plan | undefined; wrong: unknown }): Finding {
  if (plan)
    return { name: 'plan', state: 'OK', words: `${planPath}, ${Object.keys(plan.roster.people).length} people` };
  return {
    name: 'plan',
    state: 'WRONG',
    words: asDrError(wrong).message,
    fix: 'Correct it, then: dr plan check. What depends on the plan was not looked at.',
  };
}

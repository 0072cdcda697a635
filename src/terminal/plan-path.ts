import { loadConfig } from '#config';
import { asDrError } from '#core';

/** Where the plan is, also while the rest of the environment is wrong. */
export function planPathFromEnvironment(): string {
  try {
    return loadConfig().planPath;
  } catch (thrown) {
    if (asDrError(thrown).code !== 'CONFIG_INVALID') throw thrown;
    return 'plan.yaml';
  }
}

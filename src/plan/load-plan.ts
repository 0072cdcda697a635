import { readFile } from 'node:fs/promises';
import { DrError } from '#core';
import { type LoadedPlan, parsePlan } from './parse-plan.ts';

/**
 * Reads plan.yaml. Throws PLAN_INVALID (user): the file cannot be read, or all its mistakes at once with line and
 * column. Idempotent; nothing is kept, so a later call sees a later file.
 */
export async function loadPlan(path: string): Promise<LoadedPlan> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new DrError('PLAN_INVALID', 'user', `The plan ${path} cannot be read. Holdfast did not start.`, {
      hint: 'Set HOLDFAST_PLAN to the path of plan.yaml.',
      cause,
    });
  }
  return parsePlan(text, path);
}

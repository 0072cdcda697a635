import { asDrError, DrError, within } from '#core';
import { servingRegions } from '#plan';
import { readinessChecks } from './checks.ts';
import type { Answer, Readiness } from './readiness.ts';
import type { ReadinessCheck, Way } from './readiness-check.ts';
import type { ReadinessWorld } from './readiness-world.ts';

/** Of all of them together, as they run side by side. */
const WITHIN_MS = 15_000;

/**
 * Looks at each region that could take over from where the primary is. Changes nothing; empty while there is no primary, because then
 * nobody asks for readiness. Throws STORE_UNAVAILABLE (transient), and what the database says when it does not answer.
 */
export async function evaluateReadiness(world: ReadinessWorld): Promise<Readiness[]> {
  const { members } = await world.replicaSet.look();
  const from = members.find(({ state }) => state === 'primary')?.region;
  if (from === undefined) return [];
  const targets = servingRegions(world.plan).filter((region) => region !== from);
  return Promise.all(targets.map((to) => readinessOf(world, { from, to })));
}

async function readinessOf(world: ReadinessWorld, way: Way): Promise<Readiness> {
  const answers = await Promise.all(readinessChecks.map((check) => ask(check, world, way)));
  return { id: way.to, at: await world.store.now(), planHash: world.planHash, from: way.from, answers };
}

async function ask(check: ReadinessCheck, world: ReadinessWorld, way: Way): Promise<Answer> {
  const late = (): DrError => new DrError('TIMED_OUT', 'transient', 'no answer in time');
  try {
    const found = await within(check.look(world, way), { clock: world.clock, ms: WITHIN_MS, late });
    return { check: check.name, ...found };
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.kind === 'bug') throw error;
    return { check: check.name, state: 'unknown', words: [error.message], ...(error.hint ? { next: error.hint } : {}) };
  }
}

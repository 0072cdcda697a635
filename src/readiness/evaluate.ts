import { asDrError, DrError, within } from '#core';
import { buildableRegions, servingRegions } from '#plan';
import { readinessChecks } from './checks.ts';
import type { Answer, Readiness } from './readiness.ts';
import type { ReadinessCheck, Way } from './readiness-check.ts';
import type { ReadinessWorld } from './readiness-world.ts';

/** Of all of them together, as they run side by side. */
const WITHIN_MS = 15_000;

/**
 * Looks at each region that could take over from where the primary is, and at each cold one that has a machine. Changes nothing;
 * empty while there is no primary, because then nobody asks for readiness. Throws STORE_UNAVAILABLE (transient), and what the database says when it does not answer.
 */
export async function evaluateReadiness(world: ReadinessWorld): Promise<Readiness[]> {
  const { members } = await world.replicaSet.look();
  const from = members.find(({ state }) => state === 'primary')?.region;
  if (from === undefined) return [];
  const warm = servingRegions(world.plan).map((to): Way => ({ how: 'move', from, to }));
  const cold = buildableRegions(world.plan).map((to): Way => ({ how: 'build', from, to }));
  return Promise.all([...warm, ...cold].filter(({ to }) => to !== from).map((way) => readinessOf(world, way)));
}

async function readinessOf(world: ReadinessWorld, way: Way): Promise<Readiness> {
  const answers = await Promise.all(readinessChecks[way.how].map((check) => ask(check, world, way)));
  return { id: way.to, how: way.how, at: await world.store.now(), planHash: world.planHash, from: way.from, answers };
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

import { type ControlStore, changeRecord, insertNew } from '#ports';
import { evaluateReadiness } from './evaluate.ts';
import { Readiness } from './readiness.ts';
import type { ReadinessWorld } from './readiness-world.ts';

const recordsIn = (store: ControlStore) => store.records<Readiness>('readiness', Readiness);

/** As it was looked at last, by region. */
export async function readReadiness(store: ControlStore): Promise<Readiness[]> {
  const found = await recordsIn(store).find({ limit: 20 });
  return found.map(({ value }) => value).sort((a, b) => (a.id < b.id ? -1 : 1));
}

const EVERY_MS = 30 * 60_000;

/**
 * As it is, looked at anew where that is due: every 30 min, at once for a new plan, and always while something is not ready, so
 * that what was put right is believed soon. Throws as `evaluateReadiness` does.
 */
export async function currentReadiness(world: ReadinessWorld): Promise<Readiness[]> {
  const [known, now] = await Promise.all([readReadiness(world.store), world.store.now()]);
  const stands = ({ planHash, at, answers }: Readiness): boolean =>
    planHash === world.planHash &&
    now.getTime() - at.getTime() < EVERY_MS &&
    answers.every(({ state }) => state !== 'not-ready');
  return known.length > 0 && known.every(stands) ? known : keepReadiness(world);
}

/**
 * Looks and remembers; what was looked at later by somebody else stays, and what is of a region that has the primary by now goes:
 * nobody would look at it again. Throws as `evaluateReadiness` does.
 */
export async function keepReadiness(world: ReadinessWorld): Promise<Readiness[]> {
  const found = await evaluateReadiness(world);
  const records = recordsIn(world.store);
  for (const readiness of found) {
    if (await insertNew(records, readiness)) continue;
    await changeRecord(records, readiness.id, (known) => (known.at > readiness.at ? undefined : readiness));
  }
  if (found.length === 0) return found;
  for (const known of await records.find({ limit: 20 })) {
    if (!found.some(({ id }) => id === known.value.id)) await records.remove(known);
  }
  return found;
}

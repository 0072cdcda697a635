import { asDrError, type Clock, DrError, within } from '#core';
import { changeRecord } from '#ports';
import type { Leftover } from './leftovers.ts';
import type { LostRegionWorld } from './lost-region-world.ts';
import { sameWeights } from './point-dns.ts';
import { servingRegions } from './services.ts';

const PART_WITHIN_MS = 8_000;
const RECONFIGURE_WITHIN_MS = 5_000;

/**
 * Tries everything that is left, each by itself; returns what is still left, as people call it, and notes when nothing is. Safe
 * to call again. The caller makes sure that no other move came in between.
 */
export async function tidy(world: LostRegionWorld, leftover: Leftover, clock: Clock): Promise<string[]> {
  if (leftover.state !== 'due') return [];
  const attempt = async (name: string, part: Promise<unknown>): Promise<string[]> => {
    const late = (): DrError => new DrError('TIMED_OUT', 'transient', `${name}: no answer in time.`);
    try {
      await within(part, { clock, ms: PART_WITHIN_MS, late });
      return [];
    } catch (thrown) {
      if (asDrError(thrown).kind === 'bug') throw thrown;
      return [name];
    }
  };
  const parts = await Promise.all([
    attempt('DNS weights', putWeights(world, leftover)),
    attempt("the database's catch-up time", settleSet(world, leftover)),
    ...servingRegions(world).map((region) =>
      attempt(`configuration in ${region}`, world.clusters.configure(region, leftover.configuration)),
    ),
  ]);
  const left = parts.flat();
  if (left.length === 0) {
    await changeRecord(world.leftovers, leftover.id, (now) => ({ ...now, state: 'done' as const }));
  }
  return left;
}

async function putWeights({ dns }: LostRegionWorld, { weights }: Leftover): Promise<void> {
  if (sameWeights(await dns.weights(), weights)) return;
  await dns.setWeights(weights);
}

/** A new primary waits for others again, as before the forced configuration. */
const settleSet = ({ replicaSet }: LostRegionWorld, { catchUpMs }: Leftover): Promise<void> =>
  replicaSet.setRoles([], RECONFIGURE_WITHIN_MS, catchUpMs);

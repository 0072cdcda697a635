import { asDrError, type Region } from '#core';
import { regionsOf } from '#plan';
import { notReady, type ReadinessCheck, ready } from '../readiness-check.ts';

/**
 * The key of each region that holds backups wraps and unwraps: a lost region's key must not be missed. What is built when every other
 * region is lost has its own alone.
 */
export const keys: ReadinessCheck = {
  name: 'keys',
  look: async (world, { how, to }) => {
    const { vaultBuckets } = world.plan.mongodb;
    const regions = how === 'build' ? [to] : regionsOf(world.plan).filter((region) => vaultBuckets[region]);
    const tried = await Promise.all(
      regions.map(async (region): Promise<{ region: Region; why: string } | undefined> => {
        const failed = await world.proveKeys(region).then(() => undefined, asDrError);
        return failed && { region, why: failed.message };
      }),
    );
    const broken = tried.flatMap((each) => each ?? []);
    if (broken.length === 0) return ready([`wrap and unwrap in ${regions.join(', ')}`]);
    return notReady([broken.map(({ region, why }) => `${region}: ${why}`).join(' ')], '/dr keys');
  },
};

import { redisCaches } from '#adapters/redis-caches';
import type { Config } from '#config';
import type { Plan } from '#plan';
import type { Caches } from '#ports';

/** The caches that the plan names, under the addresses of the environment; undefined where there are none. */
export function openCaches({ cacheUris }: Pick<Config, 'cacheUris'>, { service }: Plan): Caches | undefined {
  if (!service.caches || service.caches.length === 0) return undefined;
  return redisCaches((name, region) => cacheUris?.[`${name}@${region}`]?.reveal());
}

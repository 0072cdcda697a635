import { z } from 'zod';
import { asDrError, type Clock, formatCount, type Region } from '#core';
import type { Caches } from '#ports';

/** What plan.yaml wants of a cache when its region is lost. */
export const CachePlan = z.object({ name: z.string(), onRegionLoss: z.enum(['promote', 'startEmpty']) });
export type CachePlan = z.output<typeof CachePlan>;

/** What became of one. `failed`: it is left as it was, and `why` says so. */
export const CacheHanded = z.object({
  name: z.string(),
  state: z.enum(['promoted', 'empty', 'failed']),
  keys: z.number().int().optional(),
  why: z.string().optional(),
});
export type CacheHanded = z.output<typeof CacheHanded>;

/** Longer than an answer takes; a cache is no reason to keep users waiting. */
const TRIES = 3;
const BETWEEN_MS = 500;

/**
 * Makes each cache of the region ready for users, as the plan wants it. Never throws for a cache: what did not work is in its
 * answer, for people to mend. Idempotent.
 */
export function handOverCaches(
  { caches, clock }: { readonly caches: Caches | undefined; readonly clock: Clock },
  to: Region,
  wanted: readonly CachePlan[],
): Promise<CacheHanded[]> {
  return Promise.all(wanted.map((plan) => handOver(plan, to, caches, clock)));
}

async function handOver(plan: CachePlan, to: Region, caches: Caches | undefined, clock: Clock): Promise<CacheHanded> {
  const { name } = plan;
  if (!caches) return { name, state: 'failed', why: 'no address of it is known' };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await handOverOnce(plan, to, caches);
    } catch (thrown) {
      const { kind, message } = asDrError(thrown);
      if (kind !== 'transient' || attempt === TRIES) return { name, state: 'failed', why: message };
      await clock.sleep(BETWEEN_MS);
    }
  }
}

async function handOverOnce({ name, onRegionLoss }: CachePlan, to: Region, caches: Caches): Promise<CacheHanded> {
  // Also one that is to start empty: a replica takes no writes, empty or not.
  if ((await caches.look(name, to)).role === 'replica') await caches.promote(name, to);
  const { role, keys } = await caches.look(name, to);
  if (role !== 'primary') return { name, state: 'failed', keys, why: 'it still follows another server' };
  if (onRegionLoss === 'promote') return { name, state: 'promoted', keys };
  // Nothing is removed here: what is in it may be what somebody still needs to look at.
  return keys === 0
    ? { name, state: 'empty', keys }
    : { name, state: 'failed', keys, why: `it is to start empty and holds ${formatCount(keys)} keys` };
}

/** `sessions promoted with 4,112 keys`, `drafts starts empty`, `sessions NOT READY: it does not answer`. */
export function cacheWords({ name, state, keys, why }: CacheHanded): string {
  if (state === 'failed') return `${name} NOT READY: ${why ?? 'it did not say why'}`;
  return state === 'empty' ? `${name} starts empty` : `${name} promoted with ${formatCount(keys ?? 0)} keys`;
}

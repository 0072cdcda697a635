import { z } from 'zod';
import { asDrError, BackupId, type DrError, type Region } from '#core';
import type { ObjectStore } from '#ports';
import { type Found, headerIn, places } from './backup-catalog.ts';
import type { BackupPlace } from './format.ts';
import { inParallel } from './in-parallel.ts';
import { generationOf, HOUR_KEYS, KEPT_KEYS, KEYS } from './object-keys.ts';
import type { Vault } from './vault.ts';

/** What a data key is there for: one backup, or one captured hour (or what was kept of a loss), which only the key's own name tells. */
export const KeyUse = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('backup'), year: z.number().int(), backup: BackupId }),
  z.object({ kind: z.literal('capture'), key: z.string() }),
]);
export type KeyUse = z.output<typeof KeyUse>;

/** `B-1123-0800`, or the captured hour's key. */
export const sayKeyUse = (use: KeyUse): string => (use.kind === 'backup' ? use.backup : use.key);

/** A data key as the buckets' lists show it; nothing is proved here. */
export interface KeyListing {
  readonly use: KeyUse;
  readonly name: string;
  /** The generations that each region's bucket has, of the regions that answered. */
  readonly generations: ReadonlyMap<Region, readonly number[]>;
}

export interface KeyList {
  readonly keys: readonly KeyListing[];
  /** Backups whose manifest no region could give: which key is theirs is not known. */
  readonly unreadable: readonly { readonly place: BackupPlace; readonly problem: DrError }[];
  readonly unreachable: readonly Region[];
}

/**
 * Every data key that opens something: those of committed backups, newest first, and of captured hours. Keys that an
 * interrupted backup left open nothing and are not listed. Throws only when no region answers.
 */
export async function listKeys(vault: Vault): Promise<KeyList> {
  const { found, unreachable } = await places(vault);
  const silent = new Set(unreachable.map(({ region }) => region));
  const generations = await generationsByName(vault, silent);
  const of = (name: string): KeyListing['generations'] => generations.get(name) ?? new Map();
  const newestFirst = [...found.values()].sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
  const named = await inParallel(newestFirst, 8, async ({ place, stores }) => ({
    place,
    name: await keyOf(place, stores).catch(asDrError),
  }));
  return {
    keys: [
      ...named.flatMap(({ place, name }): KeyListing[] =>
        typeof name === 'string' ? [{ use: { kind: 'backup', ...place }, name, generations: of(name) }] : [],
      ),
      ...[...generations.keys()]
        .filter((name) => [...HOUR_KEYS, KEPT_KEYS].some((prefix) => name.startsWith(prefix)))
        .sort()
        .map((name): KeyListing => ({ use: { kind: 'capture', key: name }, name, generations: of(name) })),
    ],
    unreadable: named.flatMap(({ place, name }) => (typeof name === 'string' ? [] : [{ place, problem: name }])),
    unreachable: [...silent],
  };
}

const timeOf = ({ place }: Found): string => `${place.year} ${place.backup}`;

/** The newest generation any region has; 0 when there is none. */
export const newestGeneration = ({ generations }: KeyListing): number =>
  Math.max(0, ...[...generations.values()].flat());

async function keyOf(place: BackupPlace, stores: readonly ObjectStore[]): Promise<string> {
  let problem: unknown;
  for (const store of stores) {
    try {
      return (await headerIn(store, place)).key;
    } catch (thrown) {
      problem = thrown;
    }
  }
  throw problem;
}

/** By data key, the generations of each region; a region that does not answer is added to `silent`. */
async function generationsByName(vault: Vault, silent: Set<Region>): Promise<Map<string, Map<Region, number[]>>> {
  const found = new Map<string, Map<Region, number[]>>();
  await Promise.all(
    vault.stores.map(async (store) => {
      try {
        for await (const { key } of store.list(KEYS)) {
          const one = generationOf(key);
          if (!one) continue;
          const regions = found.get(one.name) ?? new Map<Region, number[]>();
          found.set(one.name, regions);
          regions.set(store.region, [...(regions.get(store.region) ?? []), one.generation]);
        }
      } catch {
        silent.add(store.region);
      }
    }),
  );
  return found;
}

import type { ObjectStore } from '#ports';
import type { RetentionWorld } from '#retention';
import { MARKS } from '#vault';
import type { Planted } from './scene.ts';

/** Mistakes that prune could make, each as what it would then believe. The model has to find every one. */
export const planted: Readonly<Record<string, Planted>> = {
  'parents are not looked at': (world) => ({
    ...world,
    openManifest: async (place) => ({ ...(await world.openManifest(place)), parent: undefined }),
  }),
  'there is no grace': (world) => ({ ...world, policy: { ...world.policy, graceDays: 0 } }),
  'nobody asks what runs use': (world) => ({ ...world, inUse: async () => [] }),
  'holds are not seen, and buckets know none': (world) =>
    withStores(world, (store) => ({
      ...store,
      setLegalHold: async () => undefined,
      listVersions: (prefix) => without(store.listVersions(prefix), ({ key }) => key.startsWith('holds/')),
    })),
  'there is no window': (world) => ({
    ...world,
    policy: { ...world.policy, continuousDays: 0 },
  }),
  'months do not count': (world) => ({
    ...world,
    policy: { ...world.policy, tiers: { ...world.policy.tiers, monthly: { days: 1 } } },
  }),
  'this clock is believed': (world) =>
    withStores(world, (store) => ({
      ...store,
      listVersions: (prefix) =>
        mapped(store.listVersions(prefix), (version) =>
          version.key === MARKS ? { ...version, writtenAt: world.vault.clock.now() } : version,
        ),
    })),
  'a manifest behind a delete marker is none': (world) =>
    withStores(world, (store) => ({
      ...store,
      async *listVersions(prefix) {
        const hidden = new Set<string>();
        for await (const version of store.listVersions(prefix)) {
          if (version.kind === 'delete-marker' && version.current) hidden.add(version.key);
          if (!(hidden.has(version.key) && version.key.startsWith('manifests/'))) yield version;
        }
      },
    })),
};

function withStores(world: RetentionWorld, change: (store: ObjectStore) => ObjectStore): RetentionWorld {
  const [home, ...others] = world.vault.stores;
  return { ...world, vault: { ...world.vault, stores: [change(home), ...others.map(change)] } };
}

async function* without<T>(list: AsyncIterable<T>, unseen: (each: T) => boolean): AsyncIterable<T> {
  for await (const each of list) if (!unseen(each)) yield each;
}

async function* mapped<T>(list: AsyncIterable<T>, change: (each: T) => T): AsyncIterable<T> {
  for await (const each of list) yield change(each);
}

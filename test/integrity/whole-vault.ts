import type { MemoryObjectStore } from '#adapters/memory';
import type { ObjectLock } from '#ports';

type Stores = readonly MemoryObjectStore[];

/** What every object of the vault was before anything happened to it. */
export interface WholeVault {
  readonly keys: readonly string[];
  bytesOf(key: string): Buffer;
  /** Puts everything back as it was. */
  putBack(): Promise<void>;
  /** Regions of which a reader gets something else than it was, or nothing, by key. */
  wrongNow(): Promise<Map<string, string[]>>;
  /** Keys of which some region has some version that is what it was. */
  wholeSomewhere(): Promise<Set<string>>;
}

/** Looks at all objects but results of checks, which are written whenever somebody looks. */
export async function rememberWhole(stores: Stores): Promise<WholeVault> {
  const whole = new Map<string, { body: Buffer; lock: ObjectLock | 'none' }>();
  const [first] = stores;
  for (const key of first?.keys() ?? []) {
    if (key.startsWith('checks/')) continue;
    const lock = (await first?.head(key))?.lock ?? 'none';
    whole.set(key, { body: (await first?.get(key)) ?? Buffer.alloc(0), lock });
  }
  const named = new Set<string>();
  for (const store of stores) {
    for await (const { key, versionId } of store.listVersions('segments/'))
      named.add(`${store.region} ${key} ${versionId}`);
  }
  const bytesOf = (key: string): Buffer => whole.get(key)?.body ?? Buffer.alloc(0);
  return {
    keys: [...whole.keys()],
    bytesOf,
    async putBack() {
      for (const store of stores) {
        for (const key of store.keys()) store.erase(key);
        for (const [key, { body, lock }] of whole) await store.put(key, body, { lock, ifAbsent: false });
      }
    },
    async wrongNow() {
      const wrong = new Map<string, string[]>();
      for (const store of stores) {
        for (const key of whole.keys()) {
          if (!(await isWholeIn(store, key, bytesOf(key), named)))
            wrong.set(key, [...(wrong.get(key) ?? []), store.region]);
        }
      }
      return wrong;
    },
    async wholeSomewhere() {
      const found = new Set<string>();
      for (const store of stores) {
        for await (const { key, versionId, kind } of store.listVersions('')) {
          if (kind === 'object' && (await store.get(key, versionId)).equals(bytesOf(key))) found.add(key);
        }
      }
      return found;
    },
  };
}

/** Of a backup's segment the manifest names the version; of everything else the current one is read. */
async function isWholeIn(
  store: MemoryObjectStore,
  key: string,
  body: Buffer,
  named: ReadonlySet<string>,
): Promise<boolean> {
  for await (const { key: found, versionId, kind, current } of store.listVersions(key)) {
    if (found !== key || kind !== 'object') continue;
    if (!current && !named.has(`${store.region} ${key} ${versionId}`)) continue;
    if ((await store.get(key, versionId)).equals(body)) return true;
  }
  return false;
}

import type { MemoryObjectStore } from '#adapters/memory';
import type { ObjectLock } from '#ports';

type Stores = readonly MemoryObjectStore[];

/** What every object of the vault was before anything happened to it. */
export interface WholeVault {
  readonly keys: readonly string[];
  bytesOf(key: string): Buffer;
  /** Puts everything back as it was. */
  putBack(): Promise<void>;
  /** Regions whose current object is not what it was, or that have none, by key. */
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
          const now = await store.get(key).catch(() => undefined);
          if (!now?.equals(bytesOf(key))) wrong.set(key, [...(wrong.get(key) ?? []), store.region]);
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

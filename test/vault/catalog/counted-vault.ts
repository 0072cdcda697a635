import { memoryControlStore } from '#adapters/memory';
import { systemClock } from '#core';
import type { ObjectStore } from '#ports';
import { openCatalog, openVault } from '#vault';
import { memoryVault } from '../../support/memory-vault.ts';

/** What was asked: each call to a bucket by its name and prefix, and the control store's queries. */
export interface Asked {
  readonly buckets: string[];
  queries: number;
}

/** A vault in memory with a catalog, whose every call is counted; `plain` is the same without a catalog. */
export function countedVault() {
  const { vault: plain, stores, keys, regions } = memoryVault();
  const store = memoryControlStore(systemClock);
  const records = openCatalog(store);
  const asked: Asked = { buckets: [], queries: 0 };
  const counted = stores.map((each): ObjectStore => {
    const note = (call: string, key: string): void => void asked.buckets.push(`${call} ${key.split('/')[0]}/`);
    return {
      ...each,
      get: (key, versionId) => {
        note('get', key);
        return each.get(key, versionId);
      },
      head: (key, versionId) => {
        note('head', key);
        return each.head(key, versionId);
      },
      list: (prefix) => {
        note('list', prefix);
        return each.list(prefix);
      },
      folders: (prefix) => {
        note('folders', prefix);
        return each.folders(prefix);
      },
      listVersions: (prefix) => {
        note('versions', prefix);
        return each.listVersions(prefix);
      },
    };
  });
  const catalog: typeof records = {
    ...records,
    get: (id) => {
      asked.queries += 1;
      return records.get(id);
    },
    find: (query) => {
      asked.queries += 1;
      return records.find(query);
    },
  };
  const vault = openVault({ ...plain, stores: counted, catalog });
  const ask = async <T>(work: () => Promise<T>): Promise<{ value: T } & Asked> => {
    asked.buckets.length = 0;
    asked.queries = 0;
    const value = await work();
    return { value, buckets: [...asked.buckets], queries: asked.queries };
  };
  return { vault, plain, stores, keys, regions, store, catalog: records, ask };
}

import type { ObjectStore } from '#ports';

/** Something that may happen before any call of a store: a crash, or somebody else's turn. */
export type Before = (call: string, key: string) => Promise<void>;

/** The same store, with something that may happen before each call. */
export function trippingStore(store: ObjectStore, before: Before): ObjectStore {
  async function* listing<T>(name: string, prefix: string, list: AsyncIterable<T>): AsyncIterable<T> {
    await before(name, prefix);
    yield* list;
  }
  return {
    region: store.region,
    put: async (key, ...rest) => {
      await before('put', key);
      return store.put(key, ...rest);
    },
    get: async (key, versionId) => {
      await before('get', key);
      return store.get(key, versionId);
    },
    head: async (key, versionId) => {
      await before('head', key);
      return store.head(key, versionId);
    },
    folders: async (prefix) => {
      await before('folders', prefix);
      return store.folders(prefix);
    },
    list: (prefix) => listing('list', prefix, store.list(prefix)),
    listVersions: (prefix) => listing('listVersions', prefix, store.listVersions(prefix)),
    deleteVersion: async (key, versionId) => {
      await before('deleteVersion', key);
      return store.deleteVersion(key, versionId);
    },
    extendLock: async (key, versionId, lock) => {
      await before('extendLock', key);
      return store.extendLock(key, versionId, lock);
    },
    setLegalHold: async (key, versionId, hold) => {
      await before('setLegalHold', key);
      return store.setLegalHold(key, versionId, hold);
    },
    thaw: async (key, ...rest) => {
      await before('thaw', key);
      return store.thaw(key, ...rest);
    },
    wantClass: async (key, ...rest) => {
      await before('wantClass', key);
      return store.wantClass(key, ...rest);
    },
    listUploads: (prefix) => listing('listUploads', prefix, store.listUploads(prefix)),
    abortUpload: async (key, uploadId) => {
      await before('abortUpload', key);
      return store.abortUpload(key, uploadId);
    },
  };
}

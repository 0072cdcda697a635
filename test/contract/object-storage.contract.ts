import { expect, test } from 'vitest';
import type { ObjectStore, StorageClass } from '#ports';

export interface StorageBench {
  readonly store: ObjectStore;
  /** Puts an object that lies in this class, as the bucket's rule would have moved it; gives its version. */
  putInto(key: string, body: Buffer, storageClass: StorageClass): Promise<string>;
}

/** What every ObjectStore does with colder storage. `open` gives an empty, versioned bucket. */
export function objectStorageContract(open: () => Promise<StorageBench>): void {
  test.each(['GLACIER', 'DEEP_ARCHIVE'] as const)(
    'what lies in %s is refused until it was thawed, and is then the same version with the same bytes',
    async (storageClass) => {
      const { store, putInto } = await open();
      const versionId = await putInto('segments/1', Buffer.from('cold'), storageClass);
      expect((await store.head('segments/1', versionId))?.storage).toEqual({ class: storageClass, state: 'cold' });
      await expect(store.get('segments/1', versionId)).rejects.toMatchObject({
        code: 'OBJECT_ARCHIVED',
        kind: 'permanent',
      });
      await expect(store.get('segments/1')).rejects.toMatchObject({ code: 'OBJECT_ARCHIVED' });
      await store.thaw('segments/1', versionId, 7);
      await store.thaw('segments/1', versionId, 7);
      expect((await store.head('segments/1', versionId))?.storage).toEqual({ class: storageClass, state: 'thawed' });
      expect((await store.get('segments/1', versionId)).toString()).toBe('cold');
    },
  );

  test('what lies in GLACIER_IR, or nowhere special, is read at once, and a thaw leaves it alone', async () => {
    const { store, putInto } = await open();
    await putInto('segments/1', Buffer.from('cool'), 'GLACIER_IR');
    await store.put('segments/2', Buffer.from('warm'), { lock: 'none', ifAbsent: false });
    expect((await store.head('segments/1'))?.storage).toEqual({ class: 'GLACIER_IR', state: 'instant' });
    expect((await store.head('segments/2'))?.storage).toEqual({ class: 'STANDARD', state: 'instant' });
    for (const key of ['segments/1', 'segments/2']) {
      await store.thaw(key, undefined, 7);
      expect((await store.get(key)).length).toBe(4);
    }
  });

  test('a locked version is told its class again and again, stays the same version, and one that is not there is not found', async () => {
    const { store } = await open();
    const lock = { mode: 'governance', until: new Date(Date.now() + 86_400_000) } as const;
    const { versionId } = await store.put('segments/1', Buffer.from('x'), { lock, ifAbsent: false });
    await store.wantClass('segments/1', versionId, 'GLACIER_IR');
    await store.wantClass('segments/1', versionId, 'DEEP_ARCHIVE');
    expect((await store.get('segments/1', versionId)).toString()).toBe('x');
    await expect(store.wantClass('segments/none', versionId, 'GLACIER')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(store.thaw('segments/none', undefined, 7)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
}

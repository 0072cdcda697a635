import { expect, test } from 'vitest';
import { sha256 } from '#core';
import type { ObjectStore } from '#ports';

/** What every ObjectStore does. `open` gives an empty, versioned bucket with Object Lock. */
export function objectStoreContract(open: () => Promise<ObjectStore>): void {
  const none = { lock: 'none', ifAbsent: false } as const;

  test('what was put is there, byte for byte', async () => {
    const store = await open();
    const body = Buffer.from([0, 255, 10, 13, 0]);
    const { versionId } = await store.put('a/b', body, none);
    expect((await store.get('a/b')).equals(body)).toBe(true);
    expect((await store.get('a/b', versionId)).equals(body)).toBe(true);
    expect(await store.head('a/b')).toMatchObject({ size: 5, lock: 'none', legalHold: false });
  });

  test('a second put makes a version and leaves the first', async () => {
    const store = await open();
    const first = await store.put('k', Buffer.from('1'), none);
    const second = await store.put('k', Buffer.from('2'), none);
    expect(first.versionId).not.toBe(second.versionId);
    expect((await store.get('k', first.versionId)).toString()).toBe('1');
    expect((await store.get('k')).toString()).toBe('2');
  });

  test('of many that put if absent, one wins', async () => {
    const store = await open();
    const tries = Array.from({ length: 6 }, (_, n) =>
      store.put('commit', Buffer.from(String(n)), { lock: 'none', ifAbsent: true }).then(
        () => 'won',
        (error) => error.code,
      ),
    );
    const results = await Promise.all(tries);
    expect(results.filter((result) => result === 'won')).toHaveLength(1);
    expect(results.filter((result) => result === 'TARGET_EXISTS')).toHaveLength(5);
  });

  test('a list marks the bytes: the same again has the same mark, others have another', async () => {
    const store = await open();
    const marks = async (): Promise<(string | undefined)[]> => {
      const found: string[] = [];
      for await (const { etag } of store.list('marked')) found.push(etag);
      return found;
    };
    await store.put('marked', Buffer.from('1'), none);
    const [first] = await marks();
    await store.put('marked', Buffer.from('1'), none);
    expect(await marks()).toEqual([first]);
    await store.put('marked', Buffer.from('2'), none);
    expect(await marks()).not.toEqual([first]);
    const versions: string[] = [];
    for await (const { etag } of store.listVersions('marked')) versions.push(etag);
    expect(versions.slice(1)).toEqual([first, first]);
    expect(first).not.toBe('');
  });

  test('other bytes than were hashed are refused, and nothing of them is kept', async () => {
    const store = await open();
    const wrong = { ...none, sha256: sha256('what was hashed') };
    await expect(store.put('damaged', Buffer.from('what arrived'), wrong)).rejects.toMatchObject({
      code: 'OBJECT_STORE_REFUSED',
      kind: 'permanent',
      data: { code: 'BadDigest' },
    });
    expect(await store.head('damaged')).toBeUndefined();
    await store.put('whole', Buffer.from('what was hashed'), wrong);
  });

  test('a lock is kept with the object', async () => {
    const store = await open();
    const until = new Date(Math.floor(Date.now() / 1000) * 1000 + 86_400_000);
    await store.put('locked', Buffer.from('x'), { lock: { mode: 'governance', until }, ifAbsent: true });
    expect((await store.head('locked'))?.lock).toEqual({ mode: 'governance', until });
  });

  test('what is not there is NOT_FOUND, or undefined to a look', async () => {
    const store = await open();
    await expect(store.get('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND', kind: 'permanent' });
    expect(await store.head('nothing')).toBeUndefined();
  });

  test('folders are what stands before the next slash, each once', async () => {
    const store = await open();
    for (const key of ['h/0002/a', 'h/0001/b/c', 'h/0001/a', 'h/file', 'other/0003/a']) {
      await store.put(key, Buffer.from(key), none);
    }
    expect(await store.folders('h/')).toEqual(['0001', '0002']);
    expect(await store.folders('h/0001/')).toEqual(['b']);
    expect(await store.folders('nothing/')).toEqual([]);
  });

  test('a list has the keys under its prefix, in order', async () => {
    const store = await open();
    for (const key of ['p/2', 'p/1', 'q/1', 'p/10']) await store.put(key, Buffer.from(key), none);
    const keys: string[] = [];
    for await (const { key } of store.list('p/')) keys.push(key);
    expect(keys).toEqual(['p/1', 'p/10', 'p/2']);
  });
}

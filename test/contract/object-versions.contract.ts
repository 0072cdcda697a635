import { expect, test } from 'vitest';
import type { ObjectStore, StoredVersion } from '#ports';

export interface VersionedBench {
  readonly store: ObjectStore;
  /** A delete without a version, as anybody with s3:DeleteObject can do it. */
  hide(key: string): Promise<void>;
  /** Begins an upload in parts; gives its id. */
  beginUpload(key: string): Promise<string>;
}

const HOUR_MS = 3_600_000;
const inHours = (hours: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + hours * HOUR_MS);

/** What every ObjectStore does with versions, locks and holds. `open` gives an empty, versioned bucket with Object Lock. */
export function objectVersionsContract(open: () => Promise<VersionedBench>): void {
  const none = { lock: 'none', ifAbsent: false } as const;
  const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
    const found: T[] = [];
    for await (const each of list) found.push(each);
    return found;
  };
  const seen = ({ key, kind, current, versionId }: StoredVersion) => ({ key, kind, current, versionId });

  test('a list of versions has every version and delete marker, by key, the newest first', async () => {
    const { store, hide } = await open();
    const first = await store.put('p/1', Buffer.from('one'), none);
    const second = await store.put('p/1', Buffer.from('two!'), none);
    const other = await store.put('p/2', Buffer.from('x'), none);
    await store.put('q/1', Buffer.from('x'), none);
    await hide('p/2');
    const versions = await all(store.listVersions('p/'));
    expect(versions.map(seen)).toEqual([
      { key: 'p/1', kind: 'object', current: true, versionId: second.versionId },
      { key: 'p/1', kind: 'object', current: false, versionId: first.versionId },
      { key: 'p/2', kind: 'delete-marker', current: true, versionId: expect.any(String) },
      { key: 'p/2', kind: 'object', current: false, versionId: other.versionId },
    ]);
    expect(versions.map(({ size }) => size)).toEqual([4, 3, 0, 1]);
    for (const { writtenAt } of versions) expect(Math.abs(writtenAt.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('a delete marker hides a key, deleting the marker brings it back', async () => {
    const { store, hide } = await open();
    await store.put('k', Buffer.from('here'), none);
    await hide('k');
    expect(await store.head('k')).toBeUndefined();
    const marker = (await all(store.listVersions('k'))).find(({ kind }) => kind === 'delete-marker');
    expect(await store.deleteVersion('k', marker?.versionId ?? '')).toEqual({ kind: 'deleted' });
    expect((await store.get('k')).toString()).toBe('here');
  });

  test('one version is deleted and no other, and again is the same', async () => {
    const { store } = await open();
    const first = await store.put('k', Buffer.from('1'), none);
    const second = await store.put('k', Buffer.from('2'), none);
    expect(await store.deleteVersion('k', second.versionId)).toEqual({ kind: 'deleted' });
    expect(await store.deleteVersion('k', second.versionId)).toEqual({ kind: 'deleted' });
    expect((await store.get('k')).toString()).toBe('1');
    expect((await all(store.listVersions('k'))).map(({ versionId }) => versionId)).toEqual([first.versionId]);
  });

  test.each(['governance', 'compliance'] as const)(
    'a version under a %s lock is retained and says until when',
    async (mode) => {
      const { store } = await open();
      const until = inHours(24);
      const { versionId } = await store.put('locked', Buffer.from('x'), { lock: { mode, until }, ifAbsent: false });
      expect(await store.deleteVersion('locked', versionId)).toEqual({ kind: 'retained', until, legalHold: false });
      expect((await store.get('locked', versionId)).toString()).toBe('x');
    },
  );

  test.each(['governance', 'compliance'] as const)('a %s lock is made longer and never shorter', async (mode) => {
    const { store } = await open();
    const { versionId } = await store.put('k', Buffer.from('x'), {
      lock: { mode, until: inHours(24) },
      ifAbsent: false,
    });
    const longer = { mode, until: inHours(48) };
    expect(await store.extendLock('k', versionId, longer)).toEqual(longer);
    expect(await store.extendLock('k', versionId, { mode, until: inHours(12) })).toEqual(longer);
    expect(await store.extendLock('k', versionId, { mode, until: inHours(-12) })).toEqual(longer);
    expect(await store.head('k', versionId)).toMatchObject({ lock: longer });
  });

  test('a compliance lock stays one when somebody asks for governance', async () => {
    const { store } = await open();
    const { versionId } = await store.put('k', Buffer.from('x'), {
      lock: { mode: 'compliance', until: inHours(24) },
      ifAbsent: false,
    });
    const until = inHours(48);
    await store.extendLock('k', versionId, { mode: 'governance', until });
    expect(await store.head('k', versionId)).toMatchObject({ lock: { mode: 'compliance', until } });
  });

  test('an unlocked version gets a lock, of that version only', async () => {
    const { store } = await open();
    const first = await store.put('k', Buffer.from('1'), none);
    const second = await store.put('k', Buffer.from('2'), none);
    await store.extendLock('k', first.versionId, { mode: 'governance', until: inHours(24) });
    expect(await store.deleteVersion('k', second.versionId)).toEqual({ kind: 'deleted' });
    expect(await store.deleteVersion('k', first.versionId)).toMatchObject({ kind: 'retained' });
  });

  test('a lock that would end in the past is refused', async () => {
    const { store } = await open();
    const lock = { mode: 'governance', until: inHours(-1) } as const;
    const refused = { code: 'OBJECT_STORE_REFUSED', kind: 'permanent' };
    await expect(store.put('k', Buffer.from('x'), { lock, ifAbsent: false })).rejects.toMatchObject(refused);
    const { versionId } = await store.put('k', Buffer.from('x'), none);
    await expect(store.extendLock('k', versionId, lock)).rejects.toMatchObject(refused);
  });

  test('a legal hold keeps a version without an end, and is taken off again', async () => {
    const { store } = await open();
    const { versionId } = await store.put('k', Buffer.from('x'), none);
    await store.setLegalHold('k', versionId, 'on');
    await store.setLegalHold('k', versionId, 'on');
    expect(await store.head('k', versionId)).toMatchObject({ legalHold: true, lock: 'none' });
    expect(await store.deleteVersion('k', versionId)).toEqual({ kind: 'retained', until: undefined, legalHold: true });
    await store.setLegalHold('k', versionId, 'off');
    expect(await store.head('k', versionId)).toMatchObject({ legalHold: false });
    expect(await store.deleteVersion('k', versionId)).toEqual({ kind: 'deleted' });
  });

  test('a lock or a hold on what is not there is NOT_FOUND', async () => {
    const { store } = await open();
    const { versionId } = await store.put('k', Buffer.from('x'), none);
    await store.deleteVersion('k', versionId);
    const missing = { code: 'NOT_FOUND' };
    await expect(store.extendLock('k', versionId, { mode: 'governance', until: inHours(24) })).rejects.toMatchObject(
      missing,
    );
    await expect(store.setLegalHold('k', versionId, 'on')).rejects.toMatchObject(missing);
  });

  test('an upload that nobody finished is listed and given up, again and again', async () => {
    const { store, beginUpload } = await open();
    const uploadId = await beginUpload('segments/left');
    await beginUpload('other');
    const [only, ...more] = await all(store.listUploads('segments/'));
    expect(only).toMatchObject({ key: 'segments/left', uploadId });
    expect(more).toEqual([]);
    expect(Math.abs((only?.startedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    await store.abortUpload('segments/left', uploadId);
    await store.abortUpload('segments/left', uploadId);
    expect(await all(store.listUploads('segments/'))).toEqual([]);
    expect(await all(store.listUploads(''))).toHaveLength(1);
  });
}

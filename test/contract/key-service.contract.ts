import { expect, test } from 'vitest';
import type { KeyService, WrappedKey } from '#ports';

/** Replaces a service's key by another one, after this wrap was made with the one before. */
export type ReplaceKey = (
  before: 'named as an earlier one' | 'forgotten',
  wrap: (service: KeyService) => Promise<WrappedKey>,
) => Promise<{ readonly old: WrappedKey; readonly service: KeyService }>;

/** What every KeyService does. `open` gives two services that have each their own key. */
export function keyServiceContract(
  open: () => Promise<readonly [KeyService, KeyService]>,
  replaceKey: ReplaceKey,
): void {
  const dataKey = Buffer.alloc(32, 7);

  test('what was wrapped is unwrapped under the same context', async () => {
    const [service] = await open();
    const { wrapped } = await service.wrap(dataKey, { key: 'a', purpose: 'b' });
    expect(wrapped.includes(dataKey)).toBe(false);
    expect((await service.unwrap(wrapped, { purpose: 'b', key: 'a' })).equals(dataKey)).toBe(true);
  });

  test('another context and a changed wrap are refused', async () => {
    const [service] = await open();
    const { wrapped } = await service.wrap(dataKey, { key: 'a' });
    await expect(service.unwrap(wrapped, { key: 'b' })).rejects.toMatchObject({
      code: 'KEY_REFUSED',
      kind: 'permanent',
    });
    const changed = Buffer.from(wrapped);
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
    await expect(service.unwrap(changed, { key: 'a' })).rejects.toMatchObject({ code: 'KEY_REFUSED' });
  });

  test('the wrap of another service is refused', async () => {
    const [service, other] = await open();
    const { wrapped } = await other.wrap(dataKey, { key: 'a' });
    await expect(service.unwrap(wrapped, { key: 'a' })).rejects.toMatchObject({ code: 'KEY_REFUSED' });
  });

  test('a replaced key opens what it wrapped while it is named as an earlier one, and wraps nothing any more', async () => {
    const context = { key: 'a' };
    const wrap = (by: KeyService) => by.wrap(dataKey, context);
    const { old, service } = await replaceKey('named as an earlier one', wrap);
    expect((await service.unwrap(old.wrapped, context)).equals(dataKey)).toBe(true);
    const fresh = await service.wrap(dataKey, context);
    expect(fresh.keyName).not.toBe(old.keyName);
    expect((await service.unwrap(fresh.wrapped, context)).equals(dataKey)).toBe(true);
    const forgotten = await replaceKey('forgotten', wrap);
    await expect(forgotten.service.unwrap(forgotten.old.wrapped, context)).rejects.toMatchObject({
      code: 'KEY_REFUSED',
    });
  });
}

import { expect, test } from 'vitest';
import type { KeyService } from '#ports';

/** What every KeyService does. `open` gives two services that have each their own key. */
export function keyServiceContract(open: () => Promise<readonly [KeyService, KeyService]>): void {
  const dataKey = Buffer.alloc(32, 7);

  test('what was wrapped is unwrapped under the same context', async () => {
    const [service] = await open();
    const wrapped = await service.wrap(dataKey, { key: 'a', purpose: 'b' });
    expect(wrapped.includes(dataKey)).toBe(false);
    expect((await service.unwrap(wrapped, { purpose: 'b', key: 'a' })).equals(dataKey)).toBe(true);
  });

  test('another context and a changed wrap are refused', async () => {
    const [service] = await open();
    const wrapped = await service.wrap(dataKey, { key: 'a' });
    await expect(service.unwrap(wrapped, { key: 'b' })).rejects.toMatchObject({
      code: 'KEY_REFUSED',
      kind: 'permanent',
    });
    const changed = Buffer.from(wrapped);
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
    await expect(service.unwrap(changed, { key: 'a' })).rejects.toMatchObject({ code: 'KEY_REFUSED' });
  });
}

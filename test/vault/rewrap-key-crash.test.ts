import { expect, test } from 'vitest';
import { DrError } from '#core';
import { type KeyUse, keyGenerationKey, openKey, openVault, rewrapKey, type Vault } from '#vault';
import { memoryVault } from '../support/memory-vault.ts';
import { smallBackup, watchedVault } from '../support/small-backup.ts';

async function rewrap(vault: Vault, use: KeyUse) {
  const opened = await openKey(vault, use);
  try {
    return await rewrapKey(vault, opened, 2);
  } finally {
    opened.close();
  }
}

/** Every call to a bucket or a key service, counted; at the n-th the process is gone, before or after it had its effect. */
function dyingAt(of: Vault, call: number, when: 'before' | 'after'): { vault: Vault; died: () => boolean } {
  const gone = new DrError('UNEXPECTED', 'bug', 'the process is gone');
  let calls = 0;
  const dies = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      calls += 1;
      if (calls > call || (calls === call && when === 'before')) throw gone;
      const result = await work(...args);
      if (calls >= call) throw gone;
      return result;
    };
  };
  const stores = of.stores.map((store) => ({
    ...store,
    put: dies(store.put),
    get: dies(store.get),
    head: dies(store.head),
  }));
  const keys = of.keys.map((service) => ({ ...service, wrap: dies(service.wrap), unwrap: dies(service.unwrap) }));
  return { vault: openVault({ ...of, stores, keys }), died: () => calls >= call };
}

test('whoever goes on after a death at any call makes one whole generation of it, and no key is left in memory', async () => {
  let died = 0;
  for (const when of ['before', 'after'] as const) {
    for (let call = 1; call <= 36; call += 1) {
      const { vault, stores } = memoryVault();
      const { header } = await smallBackup(vault);
      const use: KeyUse = { kind: 'backup', year: header.year, backup: header.backup };
      const broken = dyingAt(vault, call, when);
      const watched = watchedVault(broken.vault);
      await rewrap(watched.vault, use).catch(() => undefined);
      const label = `died ${when} call ${call}`;
      died += broken.died() ? 1 : 0;
      // Bytes that came after the death never reached anybody.
      expect(watched.left(), label).toBe(0);
      const { standing, lacks } = await rewrap(vault, use);
      expect([standing.generation, lacks], label).toEqual([2, []]);
      const keys = stores.map((store) => store.keys().filter((key) => key.startsWith('keys/')));
      expect(keys, label).toEqual(
        stores.map(() => [1, 2].map((generation) => keyGenerationKey(header.key, generation))),
      );
      expect(standing.opens, label).toEqual(stores.map(({ region }) => region));
    }
  }
  expect(died).toBeGreaterThan(50);
});

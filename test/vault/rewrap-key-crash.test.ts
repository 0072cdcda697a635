import { expect, test } from 'vitest';
import { type KeyUse, keyGenerationKey, openKey, rewrapKey, type Vault } from '#vault';
import { dyingAt } from '../support/dying-vault.ts';
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

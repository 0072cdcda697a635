import { DrError } from '#core';
import { openVault, type Vault } from '#vault';

/** Every call to a bucket or a key service, counted; at the n-th the process is gone, before or after it had its effect. */
export function dyingAt(of: Vault, call: number, when: 'before' | 'after'): { vault: Vault; died: () => boolean } {
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

import { expect, test } from 'vitest';
import { asDrError } from '#core';
import { openVault } from '#vault';
import { smallBackup, watchedVault } from '../support/small-backup.ts';
import { rotationBench } from './rotation-bench.ts';

type Bench = ReturnType<typeof rotationBench>;

/** The n-th call to a bucket or key service, or the n-th journal write, is the worker's last. */
function dying(bench: Bench, at: { call?: number; write?: number }, when: 'before' | 'after') {
  const gone = new Error('the process is gone');
  const count = { calls: 0, writes: 0 };
  let isDead = false;
  const guard = async <R>(isLast: boolean, work: () => Promise<R>): Promise<R> => {
    if (isDead) throw gone;
    isDead = isLast;
    if (isLast && when === 'before') throw gone;
    const result = await work();
    if (isDead) throw gone;
    return result;
  };
  const call = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> => {
      count.calls += 1;
      return guard(count.calls === at.call, () => work(...args));
    };
  };
  const stores = bench.vault.stores.map((each) => ({ ...each, put: call(each.put), get: call(each.get) }));
  const keys = bench.vault.keys.map((each) => ({ ...each, wrap: call(each.wrap), unwrap: call(each.unwrap) }));
  return {
    died: () => isDead,
    vault: openVault({ ...bench.vault, stores, keys }),
    journal: (real: typeof bench.journal): typeof bench.journal => ({
      ...real,
      get: async (id) => (isDead ? Promise.reject(gone) : real.get(id)),
      replace: (seen, next) => {
        count.writes += 1;
        return guard(count.writes === at.write, () => real.replace(seen, next));
      },
    }),
  };
}

async function dieAndGoOn(at: { call?: number; write?: number }, when: 'before' | 'after', which: 'all' | 'due') {
  const bench = rotationBench();
  const backups = [await smallBackup(bench.vault), await smallBackup(bench.vault)];
  bench.passDays(90);
  const id = await bench.create(which === 'all' ? { kind: 'all' } : { kind: 'due', days: 90 });
  const broken = dying(bench, at, when);
  const watched = watchedVault(broken.vault);
  await bench.carry(id, { vault: watched.vault, journal: broken.journal }).catch(asDrError);
  expect(watched.left(), 'keys left in memory').toBe(0);
  if (!broken.died()) return false;
  expect(await bench.carry(id)).toBe('done');
  expect(bench.generationCounts(backups)).toEqual([2, 2]);
  expect((await bench.read(id)).drills.map(({ result }) => result)).toEqual(['OPENS', 'OPENS', 'OPENS']);
  await bench.everyBackupOpens(backups);
  return true;
}

test('a worker killed at any call, or at any journal write, is followed by one that makes one generation of it', async () => {
  let died = 0;
  for (const when of ['before', 'after'] as const) {
    for (let write = 1; write <= 12; write += 1) died += (await dieAndGoOn({ write }, when, 'all')) ? 1 : 0;
    for (let call = 1; call <= 90; call += 4) died += (await dieAndGoOn({ call }, when, 'due')) ? 1 : 0;
  }
  expect(died).toBeGreaterThan(50);
}, 60_000);

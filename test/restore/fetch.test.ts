import { beforeAll, describe, expect, test } from 'vitest';
import { BackupId, type Clock, RequestId, systemClock, type Text } from '#core';
import { coldLines } from '#flows';
import { restoreWorkflow } from '#restore';
import { until } from '#sandbox/servers';
import { committedHeader, type Manifest, verifyBackup, writeMarks } from '#vault';
import { never, openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { smallBackup } from '../support/small-backup.ts';

let uri = '';
beforeAll(async () => {
  uri = await sharedMongoUri();
});

const fetchStep = restoreWorkflow.steps.find(({ name }) => name === 'fetch');

/** A full backup and one of changes on it, whose data lies in a cold class wherever `where` says. */
async function coldChain(where: readonly number[], thawMs: number) {
  const memory = memoryVault();
  const { vault, stores } = memory;
  const engine = await openEngine(uri, ownName('cold'), vault, 'primary');
  const items = engine.db.collection<{ _id: number; n: number }>('items');
  await items.insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id, n: 0 })));
  const full = await engine.backUp();
  await items.updateMany({ _id: { $lt: 5 } }, { $set: { n: 1 } });
  const change = await engine.backUpChanges(full);
  const move = async ({ body }: Manifest): Promise<void> => {
    for (const { key, copies } of body.segments) {
      for (const index of where) {
        const store = stores[index];
        const version = store && copies[store.region];
        if (store && version) await store.wantClass(key, version, 'DEEP_ARCHIVE');
      }
    }
  };
  await move(full);
  await move(change);
  for (const store of stores) {
    store.applyRules();
    store.thawTakes(thawMs);
  }
  const thaws = { count: 0 };
  const counting = stores.map((store) => ({
    ...store,
    thaw: async (...args: Parameters<typeof store.thaw>) => {
      thaws.count += 1;
      return store.thaw(...args);
    },
  }));
  const [home, ...others] = counting;
  if (!home) throw new Error('a vault has a store');
  const watched = { ...vault, stores: [home, ...others] as const };
  const said: string[] = [];
  // minutes of waiting are moments here; the buckets' own time is real
  const clock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 1_000, signal) };
  const fetch = (signal: AbortSignal = never()) =>
    fetchStep?.run({
      ...{ runId: RequestId.parse('R-1'), done: {}, clock, signal, world: { vault: watched } as never },
      input: { backupId: change.header.backup, databases: [] },
      report: ({ text }: { text: Text }) => void said.push(text.join('')),
    });
  const segments = full.body.segments.length + change.body.segments.length;
  return { ...memory, engine, full, change, fetch, said, thaws, segments };
}

describe('a restore that meets cold storage', () => {
  test('asks for every object of the chain once, waits, and then restores what it could not read before', async ({
    onTestFinished,
  }) => {
    const { engine, change, fetch, said, thaws, segments } = await coldChain([0, 1, 2], 300);
    onTestFinished(() => engine.close());
    const { backup } = change.header;
    await expect(engine.restore(backup, engine.nextRun())).rejects.toMatchObject({ code: 'OBJECT_ARCHIVED' });
    expect(await fetch()).toMatchObject({ objects: segments, waitedMs: expect.any(Number) });
    expect(thaws.count).toBe(segments);
    expect(said[0]).toMatch(
      /^WAITS for cold storage: \d+ of \d+ objects .* usually takes up to 12 h\. It goes on by itself\.$/,
    );
    const { collections } = await engine.restore(backup, engine.nextRun());
    const beside = engine.db.collection<{ n: number }>(collections[0]?.beside ?? '');
    expect(await beside.countDocuments({ n: 1 })).toBe(5);
  });

  test('goes on waiting after a crash, without asking again', async ({ onTestFinished }) => {
    const { engine, fetch, said, thaws, segments } = await coldChain([0, 1, 2], 500);
    onTestFinished(() => engine.close());
    const crash = new AbortController();
    const dying = fetch(crash.signal);
    dying?.catch(() => undefined);
    await until('it waits', async () => said.length > 0, { everyMs: 5 });
    crash.abort(new Error('the worker is gone'));
    await expect(dying).rejects.toThrow(/aborted|the worker is gone/);
    expect(await fetch()).toMatchObject({ objects: segments });
    expect(thaws.count).toBe(segments);
  });

  test('waits for nothing and asks nobody where one region has it warm', async ({ onTestFinished }) => {
    const { engine, change, fetch, thaws } = await coldChain([0, 2], 60_000);
    onTestFinished(() => engine.close());
    expect(await fetch()).toEqual({ objects: 0, bytes: 0, waitedMs: 0 });
    expect(thaws.count).toBe(0);
    await engine.restore(change.header.backup, engine.nextRun());
  });

  test('is not taken for damage by a verification, which reads what it can and says what it could not', async ({
    onTestFinished,
  }) => {
    const { engine, vault, full, regions } = await coldChain([0], 60_000);
    onTestFinished(() => engine.close());
    const check = await verifyBackup(vault, full.header, never());
    expect(check).toMatchObject({ verdict: 'VERIFIED', damage: [], archived: [regions[0]], restorable: true });
  });
});

test('a preview says beforehand which backups are fetched first and how long that takes', async () => {
  const { vault } = memoryVault();
  const full = await smallBackup(vault, { backup: BackupId.parse('B-0101-0300') });
  const { year, backup } = full.header;
  const change = await smallBackup(vault, {
    backup: BackupId.parse('B-0101-0400'),
    header: { kind: 'incremental', parent: { year, backup } },
  });
  expect(await coldLines(vault, change.header)).toEqual([]);
  const marks = { format: 'holdfast-vault' as const, at: new Date(), marks: {}, locks: {} };
  const told = (storageClass: 'GLACIER_IR' | 'DEEP_ARCHIVE') =>
    writeMarks(vault, {
      ...marks,
      classes: { [`attempt/${year}/${backup}/a1`]: { class: storageClass, versions: 3 } },
    });
  await told('GLACIER_IR');
  expect(await coldLines(vault, change.header)).toEqual([]);
  await told('DEEP_ARCHIVE');
  expect((await coldLines(vault, change.header)).flat().join('')).toBe(
    'B-0101-0300 lies in DEEP_ARCHIVE: it is fetched first, which takes up to 12 h. Nothing is written before that.',
  );
  expect(await committedHeader(vault, full.header)).toBeDefined();
});

import { expect, test } from 'vitest';
import { DrError } from '#core';
import type { ControlStore, Identified, Records } from '#ports';
import { flowBench, lasting, memorySpool, USERS } from './flow-bench.ts';

/** A view of a store that can be made to hang: calls neither succeed nor fail, as with a frozen primary. */
function hanging(store: ControlStore) {
  let hangs = false;
  const gate = async (): Promise<void> => {
    if (hangs) await new Promise<never>(() => undefined);
  };
  const records = <T extends Identified>(real: Records<T>): Records<T> => ({
    insert: async (value) => gate().then(() => real.insert(value)),
    get: async (id) => gate().then(() => real.get(id)),
    find: async (query) => gate().then(() => real.find(query)),
    replace: async (seen, next) => gate().then(() => real.replace(seen, next)),
    remove: async (seen) => gate().then(() => real.remove(seen)),
  });
  const view: ControlStore = {
    records: (name, schema, options) => records(store.records(name, schema, options)),
    nextNumber: async (counter) => gate().then(() => store.nextNumber(counter)),
    now: async () => gate().then(() => store.now()),
  };
  return {
    view,
    hang: (next: boolean) => {
      hangs = next;
    },
  };
}

const ask = (key: string) =>
  ({
    kind: 'command',
    key,
    team: 'T0ELDCORP',
    user: USERS.mike,
    channel: 'C1',
    text: 'failover us-west-2 --reason "east is slow"',
  }) as const;

test('a control store that hangs: kept on the disk within a second, done once when it is back', async () => {
  const on = lasting();
  const { view, hang } = hanging(on.store);
  const bench = flowBench(on, view);
  hang(true);
  const startedAt = performance.now();
  const said = await Promise.all([1, 2, 3].map((n) => bench.intake.store(ask(`hung:${n}`))));
  expect(performance.now() - startedAt).toBeLessThan(2_500);
  expect(said.map((text) => JSON.stringify(text))).toEqual(
    Array.from({ length: 3 }, () => expect.stringContaining('The control store does not answer')),
  );
  expect(await bench.spool.list()).toHaveLength(3);
  hang(false);
  bench.clock.advance(3_000);
  await bench.sweep();
  await bench.sweep();
  expect(await bench.spool.list()).toEqual([]);
  const requests = await bench.flow.requests.find({ limit: 10 });
  expect(requests.map(({ value }) => value.state)).toEqual(['waiting', 'waiting', 'waiting']);
  expect(new Set(requests.map(({ value }) => value.intake)).size).toBe(3);
}, 20_000);

test('a full disk beside a dead store: not kept, and the sender is told so by a rejection', async () => {
  const on = lasting();
  const { view, hang } = hanging(on.store);
  const spool = memorySpool();
  const bench = flowBench(on, view, undefined, spool);
  hang(true);
  spool.breakWith(new DrError('STORE_UNAVAILABLE', 'transient', 'No space left.'));
  await expect(bench.intake.store(ask('full'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('what lies in the spool and can not be read keeps nothing else back', async () => {
  const bench = flowBench();
  await bench.spool.put('broken', '{"incoming":');
  await bench.spool.put('good', JSON.stringify({ incoming: ask('good'), arrivedAt: bench.clock.now() }));
  bench.clock.advance(3_000);
  await bench.sweep();
  expect(await bench.flow.requests.find({ limit: 5 })).toHaveLength(1);
});

test('a store that fails while a payload is handled: it is handled again until it is done', async () => {
  const on = lasting();
  let failing = 3;
  const flaky: ControlStore = {
    ...on.store,
    now: async () => {
      failing -= 1;
      if (failing >= 0) throw new DrError('STORE_UNAVAILABLE', 'transient', 'The control store does not answer.');
      return on.store.now();
    },
  };
  const bench = flowBench(on, flaky);
  await bench.deliver(ask('flaky'));
  for (let look = 0; look < 5; look += 1) {
    bench.clock.advance(3_000);
    await bench.intake.sweep();
  }
  const requests = await bench.flow.requests.find({ limit: 5 });
  expect(requests.map(({ value }) => value.state)).toEqual(['waiting']);
});

import { expect, test } from 'vitest';
import type { ControlStore, Identified, Records } from '#ports';
import type { FlowBench } from './flow-bench.ts';
import { flowBench, lasting, USERS } from './flow-bench.ts';

const crash = new Error('the process is gone');

/** A process dies at the n-th write to the control store, before it arrives or before its answer does. */
function dying(store: ControlStore, at: number, when: 'before' | 'after') {
  let left = at;
  let dead = false;
  const living = async <T>(act: () => Promise<T>, isWrite: boolean): Promise<T> => {
    if (dead) throw crash;
    if (isWrite) left -= 1;
    if (isWrite && left === 0 && when === 'before') dead = true;
    if (dead) throw crash;
    const result = await act();
    if (isWrite && left === 0) dead = true;
    if (dead) throw crash;
    return result;
  };
  const breakable = <T extends Identified>(records: Records<T>): Records<T> => ({
    insert: (value) => living(() => records.insert(value), true),
    get: (id) => living(() => records.get(id), false),
    find: (query) => living(() => records.find(query), false),
    replace: (seen, next) => living(() => records.replace(seen, next), true),
    remove: (seen) => living(() => records.remove(seen), true),
  });
  const view: ControlStore = {
    records: (name, schema, options) => breakable(store.records(name, schema, options)),
    nextNumber: (counter) => living(() => store.nextNumber(counter), true),
    now: () => living(() => store.now(), false),
  };
  return { view, isDead: () => dead };
}

/** What people do, each act with the key under which Slack delivers it. Every act may be delivered again. */
const ACTS: readonly ((bench: FlowBench) => Promise<unknown>)[] = [
  (bench) => bench.say(USERS.mike, 'failover us-west-2 --reason "east is slow"', 'act-ask'),
  (bench) => clickOf(bench, USERS.john, 'act-john'),
  (bench) => clickOf(bench, USERS.alex, 'act-alex'),
  (bench) => bench.work(),
];

async function clickOf(bench: FlowBench, user: string, key: string): Promise<void> {
  const [asked] = await bench.flow.requests.find({ limit: 1 });
  if (asked) await bench.click(user, 'approve', asked.value.id, { key });
}

/** A new process on the same store: it sweeps as long as anything is left over from the dead one. */
async function afterwards(bench: FlowBench): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    bench.clock.advance(61_000);
    await bench.sweep();
    await bench.work();
  }
}

async function runWithCrash(at: number, when: 'before' | 'after') {
  const on = lasting();
  const { view, isDead } = dying(on.store, at, when);
  let bench = flowBench(on, view);
  let crashes = 0;
  for (const act of ACTS) {
    await act(bench).catch(() => undefined);
    if (!isDead() || crashes > 0) continue;
    crashes += 1;
    bench = flowBench(on);
    // What was not acknowledged is done again by its person, and a payload that was kept is delivered once more.
    await act(bench);
    await afterwards(bench);
  }
  await afterwards(bench);
  return { bench, crashes };
}

test('a process killed at any write of the whole flow: one request, one run, each effect and each fact once', async () => {
  let crashes = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= 70; at += 1) {
      const { bench, crashes: died } = await runWithCrash(at, when);
      crashes += died;
      const label = `killed ${when} write ${at}`;
      const requests = await bench.flow.requests.find({ limit: 10 });
      expect(
        requests.map(({ value }) => value.state),
        label,
      ).toEqual(['approved']);
      const id = requests[0]?.value.id;
      if (!id) throw new Error(label);
      expect(
        (await bench.flow.journal.find({ limit: 10 })).map(({ value }) => value.state),
        label,
      ).toEqual(['done']);
      expect(bench.world.effects, label).toEqual([`${id} fence`, `${id} promote`]);
      const kinds = (await bench.kinds(id)).filter((kind) => kind !== 'took-over' && kind !== 'not-counted');
      expect(kinds.toSorted(), label).toEqual(
        ['asked', 'previewed', 'approved', 'approved', 'started', 'step', 'step', 'done'].toSorted(),
      );
      expect(await bench.whole(), label).toBe(true);
    }
  }
  expect(crashes).toBeGreaterThan(60);
}, 120_000);

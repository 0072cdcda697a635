import { expect, test } from 'vitest';
import { previewHash } from '#chatops';
import type { RequestId } from '#core';
import { changeRecord } from '#ports';
import { type FlowBench, flowBench, USERS } from './flow-bench.ts';

/** The newest request. */
async function newest(bench: FlowBench): Promise<RequestId> {
  const [found] = await bench.flow.requests.find({ sort: { by: 'askedAt', order: 'descending' }, limit: 1 });
  if (!found) throw new Error('nothing was asked');
  return found.value.id;
}

const effects = (id: RequestId): string[] => [`${id} fence`, `${id} promote`];

async function refused(bench: FlowBench, id: RequestId): Promise<string> {
  await bench.work();
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  const run = (await bench.flow.journal.get(id))?.value;
  expect(run?.state).toBe('refused');
  return run?.failure?.message ?? '';
}

test('a flag that makes it another job brings that job’s approvals; without it nobody is asked', async () => {
  const bench = flowBench();
  await bench.say(USERS.guest, 'sort');
  const plain = await newest(bench);
  await bench.work();
  expect(bench.world.effects).toEqual(effects(plain));

  const other = flowBench();
  await other.say(USERS.mike, 'sort --deep "all of it"');
  const deep = await newest(other);
  expect(await other.state(deep)).toBe('waiting');
  await other.work();
  expect(other.world.effects).toEqual([]);
  await other.click(USERS.mike, 'approve', deep);
  await other.click(USERS.john, 'approve', deep);
  await other.work();
  expect(other.world.effects).toEqual([]);
  await other.click(USERS.alex, 'approve', deep);
  await other.work();
  expect(other.world.effects).toEqual(effects(deep));
  expect(await other.whole()).toBe(true);
});

test('who may ask is the other job’s rule too, also for a dry run', async () => {
  const bench = flowBench();
  expect(await bench.say(USERS.guest, 'sort --deep x')).toContain('is not yours to ask');
  expect(await bench.say(USERS.lisa, 'sort --deep x --dry-run')).toContain('may be asked by');
  expect(await bench.say(USERS.mike, 'sort --deep x --dry-run')).toContain('Database Admin');
  expect(await bench.flow.requests.find({ where: { state: 'waiting' }, limit: 1 })).toEqual([]);
});

/** A harmless request, changed in the store by somebody who has its password, before a worker comes by. */
async function forged(
  bench: FlowBench,
  change: { readonly job?: string; readonly args?: unknown; readonly as?: string },
): Promise<RequestId> {
  await bench.say(USERS.mike, 'sort');
  const id = await newest(bench);
  await changeRecord(bench.flow.requests, id, (current) => {
    if (!current.preview) return undefined;
    const preview = { ...current.preview.preview, ...(change.job ? { job: change.job } : {}) };
    return {
      ...current,
      ...('args' in change ? { args: change.args } : {}),
      ...(change.as ? { command: change.as } : {}),
      preview: { ...current.preview, preview, hash: previewHash(preview) },
    };
  });
  return id;
}

test('a request written as the stronger job, approved by nobody, is refused, whatever it says was typed', async () => {
  for (const [args, why] of [
    [{}, 'not what was asked for'],
    [{ deep: 'x' }, 'approvals are missing'],
  ] as const) {
    const bench = flowBench();
    expect(await refused(bench, await forged(bench, { job: 'deep-sort', args }))).toContain(why);
  }
});

test('a stronger job under the arguments of the weaker one, or the other way round, is not what was asked for', async () => {
  const stronger = flowBench();
  expect(await refused(stronger, await forged(stronger, { job: 'deep-sort' }))).toContain('not what was asked for');
  const weaker = flowBench();
  expect(await refused(weaker, await forged(weaker, { args: { deep: 'x' } }))).toContain('not what was asked for');
});

test('a stronger job under a command that does not have it is refused, and so is one that nobody has', async () => {
  for (const [as, job] of [
    ['tidy', 'deep-sort'],
    ['sort', 'failover'],
    ['sort', 'nothing'],
  ] as const) {
    const bench = flowBench();
    expect(await refused(bench, await forged(bench, { job, as })), `${as} as ${job}`).toContain(
      'not what was asked for',
    );
  }
});

test('an approved request whose job is turned into the weaker one does not start', async () => {
  const bench = flowBench();
  await bench.say(USERS.mike, 'sort --deep "all of it"');
  const id = await newest(bench);
  await changeRecord(bench.flow.requests, id, (current) => {
    if (!current.preview) return undefined;
    const preview = { ...current.preview.preview, job: 'sort' };
    return {
      ...current,
      state: 'approved' as const,
      decidedAt: bench.clock.now(),
      preview: { ...current.preview, preview, hash: previewHash(preview) },
    };
  });
  await bench.sweep();
  expect(await refused(bench, id)).toContain('not what was asked for');
});

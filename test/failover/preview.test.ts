import { expect, test } from 'vitest';
import { DrError, hashOf, systemClock } from '#core';
import { previewFailback, previewFailover } from '#failover';
import { memoryWorld } from './memory-world.ts';
import { requestNumber } from './run-move.ts';
import { EAST, EU, WEST } from './settings.ts';

const only = (problems: readonly DrError[]): DrError => {
  expect(problems).toHaveLength(1);
  return problems[0] as DrError;
};

test('two previews of the same world have the same facts, to the letter', async () => {
  const { world, replicaSet } = memoryWorld();
  const first = await previewFailover(world, { to: WEST }, systemClock);
  replicaSet.write();
  const second = await previewFailover(world, { to: WEST }, systemClock);
  expect(first.problems).toEqual([]);
  expect(hashOf(second.facts)).toBe(hashOf(first.facts));
});

test('a preview changes nothing', async () => {
  const company = memoryWorld();
  await previewFailover(company.world, { to: WEST }, systemClock);
  expect(company.dns.changes()).toBe(0);
  expect(company.clusters.changes).toEqual([]);
  expect((await company.replicaSet.look()).configVersion).toBe(1);
});

test('a region nobody knows is answered with the one that was meant', async () => {
  const { world } = memoryWorld();
  const problem = only((await previewFailover(world, { to: 'us-wset-2' }, systemClock)).problems);
  expect(problem).toMatchObject({ code: 'REGION_UNKNOWN', kind: 'user', hint: 'Did you mean us-west-2?' });
  expect(problem.message).toContain('Nothing was changed.');
});

test('the active region and a cold standby are refused', async () => {
  const { world } = memoryWorld();
  expect(only((await previewFailover(world, { to: EAST }, systemClock)).problems).code).toBe('REGION_ALREADY_ACTIVE');
  const cold = only((await previewFailover(world, { to: EU }, systemClock)).problems);
  expect(cold).toMatchObject({ code: 'REGION_NOT_READY' });
  expect(cold.message).toContain('cold standby');
  expect(only((await previewFailback(world, { to: EAST }, systemClock)).problems).code).toBe('REGION_ALREADY_ACTIVE');
  expect(only((await previewFailback(world, { to: WEST }, systemClock)).problems).code).toBe('ARGUMENTS_INVALID');
});

test('without a primary the planned failover says that another kind is needed', async () => {
  const { world, replicaSet } = memoryWorld();
  replicaSet.setUp('east-1', false);
  replicaSet.setUp('east-2', false);
  const problem = only((await previewFailover(world, { to: WEST }, systemClock)).problems);
  expect(problem.code).toBe('REGION_UNREACHABLE');
  expect(problem.message).toContain('east-1, east-2');
  expect(problem.hint).toContain('unplanned');
});

test.each([
  ['a member that is down', (c: Company) => c.replicaSet.setUp('west-1', false), 'west-1 does not answer'],
  [
    'services that do not answer',
    (c: Company) => Object.assign(c.clusters.at(WEST), { room: 1 }),
    '1 of 2 eld-api answer',
  ],
  [
    'servers that lack what it needs',
    (c: Company) =>
      c.replicaSet.setLacks([
        { ability: 'block-writes', words: "stop users' writes", because: 'no setUserWriteBlockMode' },
      ]),
    "MongoDB Community 6.0.5 can't stop users' writes (no setUserWriteBlockMode)",
  ],
  ['no room', (c: Company) => Object.assign(c.clusters.at(WEST), { room: 2 }), 'no room for 3 eld-api'],
  [
    'a cluster that refuses',
    (c: Company) =>
      Object.assign(c.clusters.at(WEST), {
        failure: new DrError('CLUSTER_REFUSED', 'permanent', 'Kubernetes said 403.'),
      }),
    'Kubernetes said 403.',
  ],
  [
    'DNS that refuses',
    (c: Company) => c.dns.failWith(new DrError('DNS_REFUSED', 'permanent', 'Route 53 said AccessDenied.')),
    'Route 53 said AccessDenied.',
  ],
  [
    'no verified backup',
    (c: Company) => Object.assign(c, { changed: { newestVerifiedBackup: async () => undefined } }),
    'no verified backup',
  ],
  [
    'keys that do not work',
    (c: Company) =>
      Object.assign(c, {
        changed: {
          proveKeys: async () => Promise.reject(new DrError('KEY_REFUSED', 'permanent', 'KMS said no.')),
        },
      }),
    'KMS said no.',
  ],
  ['a write block of somebody else', (c: Company) => c.replicaSet.blockWrites(1), 'user writes are blocked already'],
])(
  '%s makes the target not ready, before and after approval',
  async (_, spoil, words) => {
    const company: Company = memoryWorld();
    const approved = await previewFailover(company.world, { to: WEST }, systemClock);
    await company.bench.create(requestNumber(1), approved);
    await spoil(company);
    const world = { ...company.world, ...company.changed };
    const now = await previewFailover(world, { to: WEST }, systemClock);
    expect(only(now.problems)).toMatchObject({ code: 'REGION_NOT_READY' });
    expect(now.problems[0]?.message).toContain(words);

    expect(await company.bench.execute(requestNumber(1), { world })).toBe('failed');
    const run = await company.bench.record(requestNumber(1));
    expect(run.failure?.code).toBe('REGION_NOT_READY');
    // Over at once: nothing was done, so nobody has to close anything before the next try.
    expect(run.putBack).toBe(true);
    expect(company.clusters.changes).toEqual([]);
  },
  20_000,
);

type Company = ReturnType<typeof memoryWorld> & { changed?: Partial<ReturnType<typeof memoryWorld>['world']> };

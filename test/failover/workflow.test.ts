import { expect, test } from 'vitest';
import { DrError, systemClock } from '#core';
import { noteGivenUp, noteRebuilt, previewFailback, previewFailover } from '#failover';
import { changeRecord } from '#ports';
import { memoryWorld } from './memory-world.ts';
import { requestNumber } from './run-move.ts';
import { EAST, WEST } from './settings.ts';

const R1 = requestNumber(1);
const R2 = requestNumber(2);

const texts = (company: ReturnType<typeof memoryWorld>): string[] =>
  company.bench.events.flatMap((event) => (event.kind === 'step-done' ? [event.text.join('')] : []));

async function failOver(company: ReturnType<typeof memoryWorld>, run = R1) {
  await company.bench.create(run, await previewFailover(company.world, { to: WEST }, systemClock));
  return company.bench.execute(run);
}

test('a planned failover moves database, drivers, services and configuration, and says so in eight facts', async () => {
  const company = memoryWorld();
  expect(await failOver(company)).toBe('done');

  expect(await company.replicaSet.primary()).toBe('west-1');
  const { members } = await company.replicaSet.look();
  expect(members.map(({ host, votes, priority }) => [host, votes, priority])).toEqual([
    ['east-1', 0, 0],
    ['east-2', 0, 0],
    ['west-1', 1, 3],
  ]);
  expect(members.some(({ blocked }) => blocked)).toBe(false);
  expect(await company.dns.weights()).toEqual([
    { region: EAST, weight: 0 },
    { region: WEST, weight: 100 },
  ]);
  expect(company.clusters.at(WEST).wanted).toBe(3);
  expect(company.clusters.at(EAST).wanted).toBe(2);
  for (const region of [EAST, WEST]) {
    expect(company.clusters.at(region).configuration).toEqual({
      'active-region': WEST,
      'files-bucket': 'eld-files-us-west-2',
      other: 'stays',
    });
  }
  const said = texts(company).map((text) => text.replace(/after \d+\.\d s/, 'after 0.0 s'));
  expect(said).toEqual([
    'us-west-2 is fit: 0.0 s behind, 2 of 2 up.',
    'Writes stopped in us-east-1.',
    'us-west-2 is primary, term 2. Writes accepted again after 0.0 s.',
    'DNS at us-west-2, INSYNC.',
    'Services: 3 in us-west-2, 2 in us-east-1.',
    'Configuration says us-west-2 in us-east-1, us-west-2.',
    'All 30 acknowledged writes read back from us-west-2, by id and hash. 20 of 20 test writes and reads. 100 % of drivers there.',
    'Stakeholders told.',
  ]);
  expect(company.receipts.get(R1)).toMatchObject({ from: EAST, to: WEST, primary: 'west-1', pauseLimitMs: 10_000 });
});

test('after the old region is gone the new one keeps its majority; without the votes taken it would not', async () => {
  const company = memoryWorld();
  await failOver(company);
  company.replicaSet.setUp('east-1', false);
  company.replicaSet.setUp('east-2', false);
  company.replicaSet.write();

  const unmoved = memoryWorld();
  unmoved.replicaSet.setUp('east-1', false);
  unmoved.replicaSet.setUp('east-2', false);
  expect(() => unmoved.replicaSet.write()).toThrow('no primary');
});

test('a failback waits for what the failover before it had still to put right: done later, it would void what people approve', async () => {
  const company = memoryWorld();
  await failOver(company);
  const { leftovers } = company.world;
  await leftovers.insert({
    ...{ id: R1, state: 'due', at: systemClock.now(), to: WEST },
    ...{ weights: [], configuration: {}, catchUpMs: 0, membersAfter: [] },
  });
  const asked = await previewFailback(company.world, { to: EAST }, systemClock);
  expect(asked.facts).toBeUndefined();
  expect(asked.problems).toMatchObject([
    { code: 'REGION_NOT_READY', message: expect.stringContaining(`${R1} has still to put right`) },
  ]);
  await changeRecord(leftovers, R1, (now) => ({ ...now, state: 'done' as const }));
  expect((await previewFailback(company.world, { to: EAST }, systemClock)).problems).toEqual([]);
});

test('a failback brings everything to where it was, a share of traffic at a time', async () => {
  const company = memoryWorld();
  await failOver(company);
  const seen: number[] = [];
  const { dns } = company.world;
  const world = {
    ...company.world,
    dns: {
      ...dns,
      setWeights: async (weights: Parameters<typeof dns.setWeights>[0]) => {
        seen.push(weights.find(({ region }) => region === EAST)?.weight ?? -1);
        return dns.setWeights(weights);
      },
    },
  };
  await company.bench.create(R2, await previewFailback(company.world, { to: EAST }, systemClock));
  expect(await company.bench.execute(R2, { world })).toBe('done');

  expect(seen).toEqual([5, 25, 50, 100]);
  expect(await company.replicaSet.primary()).toBe('east-1');
  const { members } = await company.replicaSet.look();
  expect(members.map(({ votes, priority }) => [votes, priority])).toEqual([
    [1, 2],
    [1, 2],
    [1, 1],
  ]);
  expect(company.clusters.at(EAST)).toMatchObject({ wanted: 3, configuration: { 'active-region': EAST } });
  expect(company.clusters.at(WEST)).toMatchObject({ wanted: 2, configuration: { 'active-region': EAST } });
});

test('when DNS refuses, the primary goes back to its region and writes are open there', async () => {
  const company = memoryWorld();
  await company.bench.create(R1, await previewFailover(company.world, { to: WEST }, systemClock));
  const refusal = new DrError('DNS_REFUSED', 'permanent', 'Route 53 refused (AccessDenied).');
  const world = {
    ...company.world,
    dns: { ...company.world.dns, setWeights: async () => Promise.reject(refusal) },
  };
  expect(await company.bench.execute(R1, { world })).toBe('failed');

  const run = await company.bench.record(R1);
  expect(run).toMatchObject({ putBack: true, failure: { code: 'DNS_REFUSED' } });
  expect(await company.replicaSet.primary()).toBe('east-1');
  const { members } = await company.replicaSet.look();
  expect(members.map(({ votes, priority, writable }) => [votes, priority, writable])).toEqual([
    [1, 2, true],
    [1, 2, false],
    [1, 1, false],
  ]);
  company.replicaSet.write();
});

test('when Kubernetes refuses to scale, the run stands still where drivers are served, and goes on when it is allowed', async () => {
  const company = memoryWorld();
  await company.bench.create(R1, await previewFailover(company.world, { to: WEST }, systemClock));
  const refusal = new DrError('CLUSTER_REFUSED', 'permanent', 'Kubernetes in us-west-2 refused (403).', {
    hint: 'kubectl',
  });
  const { clusters } = company.world;
  const world = { ...company.world, clusters: { ...clusters, scale: async () => Promise.reject(refusal) } };
  expect(await company.bench.execute(R1, { world })).toBe('failed');

  const run = await company.bench.record(R1);
  expect(run.putBack).toBe(false);
  expect(run.failure).toMatchObject({ code: 'CLUSTER_REFUSED', hint: 'kubectl' });
  expect(run.steps.map(({ state }) => state)).toEqual([
    ...['done', 'done', 'done', 'done', 'failed'],
    ...['pending', 'pending', 'pending'],
  ]);
  expect(await company.replicaSet.primary()).toBe('west-1');
  company.replicaSet.write();

  const { demandGoOn } = await import('#workflow');
  await demandGoOn(company.bench.journal, R1);
  expect(await company.bench.execute(R1)).toBe('done');
});

test.each(['lose', 'change'] as const)('an acknowledged write that the new primary would %s is found', async (how) => {
  const company = memoryWorld();
  await company.bench.create(R1, await previewFailover(company.world, { to: WEST }, systemClock));
  company.traffic.damage('log-7', how);
  expect(await company.bench.execute(R1)).toBe('failed');
  const { failure } = await company.bench.record(R1);
  expect(failure).toMatchObject({ code: 'WRITE_LOST', data: { lostCount: 1, checked: 30 } });
  expect(failure?.message).toContain('log-7');
});

test('what somebody deleted or dropped around the move was not lost by it, and the thread says how many', async () => {
  const company = memoryWorld();
  await company.bench.create(R1, await previewFailover(company.world, { to: WEST }, systemClock));
  company.traffic.edit('log-7', 'delete');
  company.traffic.edit('log-9', 'change');
  expect(await company.bench.execute(R1)).toBe('done');
  const { steps } = await company.bench.record(R1);
  expect(steps[6]?.output).toMatchObject({ readBack: { writes: 30, removed: 2 } });
  expect(texts(company)[6]).toContain(
    'All 30 acknowledged writes read back from us-west-2, by id and hash (2 were deleted or changed by somebody since',
  );
});

test('a shift back stops by itself when the region serves badly, and all traffic returns to where it was good', async () => {
  const company = memoryWorld();
  await failOver(company);
  await company.bench.create(R2, await previewFailback(company.world, { to: EAST }, systemClock));
  company.traffic.failIn(EAST, 0.5);
  expect(await company.bench.execute(R2)).toBe('failed');
  expect(await company.bench.record(R2)).toMatchObject({ putBack: true, failure: { code: 'SERVICE_UNAVAILABLE' } });
  expect(await company.dns.weights()).toContainEqual({ region: WEST, weight: 100 });
  expect(await company.replicaSet.primary()).toBe('west-1');
});

test('a region that answers too slowly at 25 % gets no more drivers, all of them go back, and the run says why', async () => {
  const company = memoryWorld();
  await failOver(company);
  await company.bench.create(R2, await previewFailback(company.world, { to: EAST }, systemClock));
  const { dns } = company.world;
  const seen: number[] = [];
  const world = {
    ...company.world,
    dns: {
      ...dns,
      setWeights: async (weights: Parameters<typeof dns.setWeights>[0]) => {
        const east = weights.find(({ region }) => region === EAST)?.weight ?? -1;
        seen.push(east);
        company.traffic.slowIn(EAST, east >= 25 ? 1_500 : 40);
        return dns.setWeights(weights);
      },
    },
  };
  expect(await company.bench.execute(R2, { world })).toBe('failed');
  expect(seen).toEqual([5, 25, 0]);
  const run = await company.bench.record(R2);
  expect(run).toMatchObject({ putBack: true, failure: { code: 'SERVICE_UNAVAILABLE' } });
  expect(run.failure?.message).toBe(
    'us-east-1 serves badly at 25 % of traffic: 0 of 25 failed, 95 % within 1,500 ms (budget: 5 % failed, 95 % within 1,000 ms).',
  );
  // votes come last: the region that goes on alone was never short of a majority
  expect((await company.replicaSet.look()).members.map(({ votes }) => votes)).toEqual([0, 0, 1]);
});

test('votes come back only when the primary does: at 25 % the old region can be lost once more', async () => {
  const company = memoryWorld();
  await failOver(company);
  await company.bench.create(R2, await previewFailback(company.world, { to: EAST }, systemClock));
  const { dns } = company.world;
  const votes: number[][] = [];
  const world = {
    ...company.world,
    dns: {
      ...dns,
      setWeights: async (weights: Parameters<typeof dns.setWeights>[0]) => {
        votes.push((await company.replicaSet.look()).members.map((member) => member.votes));
        return dns.setWeights(weights);
      },
    },
  };
  expect(await company.bench.execute(R2, { world })).toBe('done');
  expect(votes).toEqual([
    [0, 0, 1],
    [0, 0, 1],
    [0, 0, 1],
    [1, 1, 1],
  ]);
});

test('a region that was given up is no way back before it was rebuilt', async () => {
  const company = memoryWorld();
  await failOver(company);
  await noteGivenUp(company.world.givenUp, EAST, R1, systemClock.now());
  const refused = await previewFailback(company.world, { to: EAST }, systemClock);
  expect(refused).toMatchObject({ facts: undefined });
  expect(refused.problems).toMatchObject([{ code: 'REGION_NOT_READY', hint: '/dr rebuild us-east-1' }]);
  await noteRebuilt(company.world.givenUp, EAST, R2, systemClock.now());
  expect((await previewFailback(company.world, { to: EAST }, systemClock)).problems).toEqual([]);
});

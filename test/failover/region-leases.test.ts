import { expect, test } from 'vitest';
import { DrError, type Region, systemClock } from '#core';
import { previewFailback, previewFailover } from '#failover';
import { memoryWorld } from './memory-world.ts';
import { requestNumber } from './run-move.ts';
import { EAST, WEST } from './settings.ts';

const R1 = requestNumber(1);
const R2 = requestNumber(2);
type Company = ReturnType<typeof memoryWorld>;

/**
 * The same company, looked at after every call that anybody makes of it: whichever regions drivers are sent to may take their
 * writes, and so may the region of the primary database.
 */
function watched(company: Company) {
  const wrong: string[] = [];
  const seen = new Set<string>();
  const look = async (after: string): Promise<void> => {
    const [east, west] = await Promise.all([company.regionLeases.read(EAST), company.regionLeases.read(WEST)]);
    const open: Region[] = [...(east?.state === 'open' ? [EAST] : []), ...(west?.state === 'open' ? [WEST] : [])];
    seen.add(open.join(' and '));
    const sent = (await company.dns.weights()).flatMap(({ region, weight }) => (weight > 0 ? [region] : []));
    for (const region of sent)
      if (!open.includes(region)) wrong.push(`${after}: drivers go to ${region}, which is closed`);
    if (open.length === 0) wrong.push(`${after}: no region may write`);
  };
  const watch = <Port extends object>(port: Port, name: string): Port =>
    new Proxy(port, {
      get: (target, call, receiver) => {
        const value: unknown = Reflect.get(target, call, receiver);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          try {
            return await Reflect.apply(value, target, args);
          } finally {
            await look(`${name}.${String(call)}`);
          }
        };
      },
    });
  const { replicaSet, dns, clusters, fence } = company.world;
  const world = {
    ...company.world,
    replicaSet: watch(replicaSet, 'database'),
    dns: watch(dns, 'dns'),
    clusters: watch(clusters, 'clusters'),
    fence: watch(fence, 'fence'),
  };
  return { world, wrong, seen };
}

const states = async ({ regionLeases }: Company): Promise<(string | undefined)[]> =>
  Promise.all([EAST, WEST].map(async (region) => (await regionLeases.read(region))?.state));

async function failOver(company: Company, change: Parameters<Company['bench']['execute']>[1] = {}) {
  await company.bench.create(R1, await previewFailover(company.world, { to: WEST }, systemClock));
  return company.bench.execute(R1, change);
}

test('a planned failover and the way back never leave drivers with a region that may not write', async () => {
  const company = memoryWorld();
  const { world, wrong, seen } = watched(company);
  expect(await failOver(company, { world })).toBe('done');
  expect(await states(company)).toEqual(['closed', 'open']);
  await company.bench.create(R2, await previewFailback(company.world, { to: EAST }, systemClock));
  expect(await company.bench.execute(R2, { world })).toBe('done');
  expect(await states(company)).toEqual(['open', 'closed']);
  expect(wrong).toEqual([]);
  expect(seen).toEqual(new Set(['us-east-1', 'us-east-1 and us-west-2', 'us-west-2']));
});

test('a move that is put back puts the leases back', async () => {
  const company = memoryWorld();
  const { world, wrong } = watched(company);
  const refusal = new DrError('DNS_REFUSED', 'permanent', 'Route 53 refused (AccessDenied).');
  const dns = { ...world.dns, setWeights: async () => Promise.reject(refusal) };
  expect(await failOver(company, { world: { ...world, dns } })).toBe('failed');
  expect(await states(company)).toEqual(['open', 'closed']);
  expect(wrong).toEqual([]);

  const back = memoryWorld();
  const watchedBack = watched(back);
  await failOver(back);
  await back.bench.create(R2, await previewFailback(back.world, { to: EAST }, systemClock));
  const { dns: real } = watchedBack.world;
  const setWeights: typeof real.setWeights = async (weights) =>
    weights.some(({ region, weight }) => region === EAST && weight === 25)
      ? Promise.reject(refusal)
      : real.setWeights(weights);
  const refusing = { ...watchedBack.world, dns: { ...real, setWeights } };
  expect(await back.bench.execute(R2, { world: refusing })).toBe('failed');
  expect(await states(back)).toEqual(['closed', 'open']);
  expect(watchedBack.wrong).toEqual([]);
});

test('a move whose worker dies before the old region is closed has it closed by the next worker', async () => {
  const company = memoryWorld();
  // already as small as it will be: nothing but its lease shows that the step is not done
  await company.clusters.scale(EAST, 2);
  const crash = new Error('the process is gone');
  let isDead = false;
  const close = async (): Promise<never> => {
    isDead = true;
    throw crash;
  };
  const journal = (real: Company['bench']['journal']): Company['bench']['journal'] => ({
    ...real,
    get: async (id) => (isDead ? Promise.reject(crash) : real.get(id)),
    replace: async (seen, next) => (isDead ? Promise.reject(crash) : real.replace(seen, next)),
  });
  const world = { ...company.world, fence: { ...company.world.fence, close } };
  await expect(failOver(company, { world, journal })).rejects.toBe(crash);
  expect(await states(company)).toEqual(['open', 'open']);
  expect(await company.bench.execute(R1)).toBe('done');
  expect(await states(company)).toEqual(['closed', 'open']);
});

import { describe, expect, it } from 'vitest';
import { memoryClusters, memoryMemberHosts } from '#adapters/memory';
import { DrError, type Region, Sha256 } from '#core';
import {
  type Answer,
  currentReadiness,
  evaluateReadiness,
  keepReadiness,
  type ReadinessWorld,
  readinessChecks,
  readReadiness,
  reasonsOf,
  scoreOf,
} from '#readiness';
import { plainText } from '#record';
import { EAST, EU, WEST } from '../failover/settings.ts';
import { HOUR, readinessBench } from './readiness-bench.ts';

type Bench = Awaited<ReturnType<typeof readinessBench>>;
const refusing = (message: string) => async () => {
  throw new DrError('KEY_REFUSED', 'permanent', message);
};

const read = (words: Answer['words']): string => plainText(words, String, new Date());

const roomFor =
  (instances: number) =>
  (bench: Bench): Partial<ReadinessWorld> => {
    bench.clusters.at(WEST).room = instances;
    return {};
  };

const westDown = ({ replicaSet }: Bench): Partial<ReadinessWorld> => {
  replicaSet.setUp('west-1', false);
  return {};
};

/** One trouble each, what then is said of it, and how bad that is. */
const TROUBLES: readonly [check: string, says: string, Answer['state'], (bench: Bench) => Partial<ReadinessWorld>][] = [
  ['database', 'west-1 (unreachable)', 'not-ready', westDown],
  [
    'servers',
    "can't stop users' writes",
    'not-ready',
    ({ replicaSet }) => {
      replicaSet.setLacks([
        { ability: 'block-writes', words: "stop users' writes", because: 'no setUserWriteBlockMode' },
      ]);
      return {};
    },
  ],
  [
    'servers',
    "can't apply a tail",
    'weak',
    ({ replicaSet }) => {
      replicaSet.setLacks([{ ability: 'apply-oplog', words: 'apply a tail', because: 'no applyOps' }]);
      return {};
    },
  ],
  ['members', 'us-west-2 was given up', 'not-ready', () => ({ isGivenUp: async (region) => region === WEST })],
  ['services', '0 of 2 eld-api answer', 'not-ready', roomFor(0)],
  ['capacity', 'has room for 2, not for 3', 'not-ready', roomFor(2)],
  [
    'DNS records',
    'no weighted record of us-west-2',
    'not-ready',
    () => ({ dns: { weights: async () => [{ region: EAST, weight: 100 }] } }),
  ],
  [
    'DNS switch',
    'users are turned away from us-west-2',
    'not-ready',
    () => ({ dnsSwitch: { diverted: async () => [WEST] } }),
  ],
  ['DNS switch', 'only the control API', 'weak', () => ({ dnsSwitch: undefined })],
  [
    'fence',
    'a cut-off us-east-1 could not be fenced',
    'weak',
    ({ world }) => ({
      fence: {
        look: async (region) => ({
          ...(await world.fence.look(region)),
          standing: 'not-provable',
          reasons: ['no lease'],
        }),
      },
    }),
  ],
  [
    'loss of a region',
    'books of the loss',
    'weak',
    () => ({
      lostRegion: () => {
        throw new DrError('REGION_NOT_READY', 'user', 'There is no books of the loss.');
      },
    }),
  ],
  ['backup', 'none is verified', 'not-ready', () => ({ newestVerifiedBackup: async () => undefined })],
  [
    'backup',
    '30 h old',
    'weak',
    ({ store }) => ({
      newestVerifiedBackup: async () => ({ at: new Date((await store.now()).getTime() - 30 * HOUR) }),
    }),
  ],
  [
    'keys',
    'us-west-2: it is disabled',
    'not-ready',
    () => ({ proveKeys: (region) => (region === WEST ? refusing('it is disabled')() : Promise.resolve()) }),
  ],
  [
    'approvers',
    'too few for: failover',
    'not-ready',
    ({ world: { roster } }) => ({ roster: { ...roster, people: () => roster.people().slice(0, 1) } }),
  ],
  ['rehearsed', 'nobody ever moved it', 'weak', () => ({ lastMove: async () => undefined })],
  [
    'rehearsed',
    'the last proved restore is of',
    'weak',
    ({ store }) => ({ lastProof: async () => new Date((await store.now()).getTime() - 9 * 24 * HOUR) }),
  ],
];

describe('readiness', () => {
  it('is 100 % where everything is there, and only for regions that could take over', async () => {
    const { world } = await readinessBench();
    const [found, ...others] = await evaluateReadiness(world);
    expect(others).toEqual([]);
    expect(found && reasonsOf(found).map(({ check, words }) => `${check}: ${read(words)}`)).toEqual([]);
    expect(found).toMatchObject({ id: WEST, from: EAST });
    expect(found && scoreOf(found)).toBe(100);
    expect(found?.answers.map(({ check }) => check)).toEqual(readinessChecks.move.map(({ name }) => name));
  });

  it.each(TROUBLES)('sees by %s that %s', async (check, says, state, harm) => {
    const bench = await readinessBench();
    const [found] = await evaluateReadiness({ ...bench.world, ...harm(bench) });
    const answer = found?.answers.find((each) => each.check === check);
    expect(answer && read(answer.words)).toContain(says);
    expect(answer).toMatchObject({ state });
    expect(answer?.next).toMatch(/^(\/dr |dr |docs\/|kubectl )/);
    expect(found && scoreOf(found)).toBeLessThan(100);
  });

  it('is looked at of a cold region that has a machine, by what building it needs', async () => {
    const host = 'eu-1.db:27017';
    const cold = {
      role: 'cold-standby',
      components: 'Backup storage only',
      failoverMinutes: 240,
      databaseHost: host,
    } as const;
    const hosts = memoryMemberHosts([{ host, region: EU, empty: true }]);
    const clusters = memoryClusters(new Map([[EU, { wanted: 0, room: 3, configuration: {} }]]));
    const { world } = await readinessBench({ clusters, machines: hosts });
    const known = await world.dns.weights();
    const plan = { ...world.plan, regions: { ...world.plan.regions, [EU]: cold } };
    const dns = { weights: async () => [...known, { region: EU, weight: 0 }] };
    const look = async (more: Partial<ReadinessWorld> = {}) =>
      (await evaluateReadiness({ ...world, plan, dns, ...more })).find(({ id }) => id === EU);
    const found = await look();
    expect(found).toMatchObject({ how: 'build', from: EAST });
    expect(found && reasonsOf(found)).toEqual([]);
    expect(found?.answers.map(({ check }) => check)).toEqual(readinessChecks.build.map(({ name }) => name));
    // with every other region lost, their keys are too
    const lostKeys = { proveKeys: (region: Region) => (region === EU ? Promise.resolve() : refusing('it is lost')()) };
    expect(reasonsOf((await look(lostKeys)) ?? { answers: [] })).toEqual([]);
    expect((await evaluateReadiness({ ...world, ...lostKeys })).map(scoreOf)).not.toContain(100);
    const machineSays = async (more: Partial<ReadinessWorld>) => {
      const answer = (await look(more))?.answers.find(({ check }) => check === 'machine');
      return answer && `${answer.state}: ${read(answer.words)}`;
    };
    expect(await machineSays({ machines: undefined })).toBe(
      `not-ready: HOLDFAST_MEMBER_AGENTS names no agent for ${host}`,
    );
    await hosts.found(host);
    expect(await machineSays({})).toBe(`not-ready: ${host} runs a database already`);
    hosts.setPower(host, false);
    expect(await machineSays({})).toContain('unknown: ');
    const busy = memoryMemberHosts([{ host, region: WEST }]);
    expect(await machineSays({ machines: busy })).toBe(
      `not-ready: ${host} is in us-west-2; ${host} runs a database already`,
    );
  });

  it('does not take silence for an answer: what can not be asked is not known, and lowers the score', async () => {
    const gone = new DrError('DNS_UNAVAILABLE', 'transient', 'Route 53 does not answer.');
    const { world } = await readinessBench({ dns: { weights: () => Promise.reject(gone) } });
    const [found] = await evaluateReadiness(world);
    expect(found && reasonsOf(found)).toMatchObject([{ check: 'DNS records', state: 'unknown' }]);
    expect(found && scoreOf(found)).toBe(92);
  });

  it('is nothing to say while the database has no primary, and what was known stays', async () => {
    const { world, replicaSet } = await readinessBench();
    await keepReadiness(world);
    for (const host of ['east-1', 'east-2', 'west-1']) replicaSet.setUp(host, false);
    expect(await keepReadiness(world).catch((error: unknown) => error)).toBeDefined();
    expect(await readReadiness(world.store)).toHaveLength(1);
  });

  it('is looked at every half hour, at once by a new plan, and again and again while something is not ready', async () => {
    let looks = 0;
    const counting = {
      proveKeys: async () => {
        looks += 1;
      },
    };
    const { world, clusters } = await readinessBench(counting);
    const looked = async (of: ReadinessWorld) => {
      const before = looks;
      await currentReadiness(of);
      return looks > before;
    };
    expect(await looked(world)).toBe(true);
    expect(await looked(world)).toBe(false);
    const later = { ...world.store, now: async () => new Date((await world.store.now()).getTime() + 31 * 60_000) };
    expect(await looked({ ...world, store: later })).toBe(true);
    const changed = { ...world, planHash: Sha256.parse('b'.repeat(64)) };
    expect(await looked({ ...changed, store: later })).toBe(true);
    clusters.at(WEST).room = 0;
    const worse = { ...changed, store: { ...later, now: async () => new Date((await later.now()).getTime() + HOUR) } };
    expect(await looked(worse)).toBe(true);
    expect(await looked(worse)).toBe(true);
  });

  it('is forgotten of a region that serves by now, so that it is not looked at again and again for ever', async () => {
    const { world, replicaSet } = await readinessBench();
    await currentReadiness(world);
    await replicaSet.stepUp('west-1', 1_000);
    await keepReadiness(world);
    expect((await readReadiness(world.store)).map(({ id }) => id)).toEqual([EAST]);
  });
});

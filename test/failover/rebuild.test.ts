import { describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { givenUp, previewRebuild, proveCopy } from '#failover';
import { demandStop, type Journal } from '#workflow';
import { byHand } from '../../src/failover/rebuild/by-hand.ts';
import { LOST_IN, paperCopies, rebuildWorld } from './rebuild-world.ts';
import { john, requestNumber } from './run-move.ts';
import { EAST, EU, WEST } from './settings.ts';

const R50 = requestNumber(50);
const E1 = 'east-1:27017';
const E2 = 'east-2:27017';
const W1 = 'west-1:27017';

type Bench = Awaited<ReturnType<typeof rebuildWorld>>;
const texts = ({ events }: Bench): string[] =>
  events.flatMap((event) => (event.kind === 'step-done' ? [event.text.join('')] : []));

it('holds the returned members, saves what only they have, starts them one by one without a vote, and proves them equal', async () => {
  const bench = await rebuildWorld();
  await bench.create(R50);
  expect(await bench.execute(R50)).toBe('done');
  expect(bench.hosts.orders).toEqual([
    ...[`${E1} held`, `${E2} held`],
    ...[`${E1} alone`, `${E1} held`, `${E2} alone`, `${E2} held`],
    ...[`${E1} running`, `${E2} running`],
  ]);
  expect(bench.saved).toEqual([`R-43 ${E1} memory://${E1}`, `R-43 ${E2} memory://${E2}`]);
  expect((await bench.replicaSet.look()).members.map(({ votes, priority }) => [votes, priority])).toEqual([
    [0, 0],
    [0, 0],
    [1, 3],
  ]);
  expect(await givenUp(bench.world.givenUp, EAST)).toBeUndefined();
  expect(texts(bench)).toEqual([
    '2 members in us-east-1 held.',
    'Saved from 2 members: 7 operations that only they have, 0 rollback files.',
    '2 members without a vote follow.',
    '2 members caught up.',
    expect.stringMatching(/^2 members equal to west-1:27017: 51 documents in 2 collections, .* each[.]$/),
  ]);
});

describe('prove', () => {
  const settings = { databases: ['eld'], readBytesPerSecond: undefined, restarts: 0, stuckAfterMs: 1, lookEveryMs: 1 };
  const compare = (copies: ReturnType<typeof paperCopies>['copies']) =>
    proveCopy(
      {
        world: { copies, settings },
        clock: systemClock,
        signal: new AbortController().signal,
        report: () => undefined,
      },
      E1,
      W1,
    );

  it('says equal of copies in another order', async () => {
    const { copies } = paperCopies([E1, W1]);
    expect(await compare(copies)).toMatchObject({ collections: 2, documents: 51, differences: [], unproved: [] });
  });

  it('reads a member at no time that it has not come to', async () => {
    const { copies } = paperCopies([E1, W1]);
    let own = 7;
    const late: typeof copies = {
      ...copies,
      majorityTime: async (host) => ({ seconds: 1, increment: host === E1 ? own++ : 9 }),
      read: (host, collection, range, at, signal) => {
        if (host === E1 && at.increment > own) throw new Error('it is not there yet');
        return copies.read(host, collection, range, at, signal);
      },
    };
    expect(await compare(late)).toMatchObject({ documents: 51, differences: [] });
  });

  it.each<[string, (logs: { documents: object[]; indexes: object[]; options: object; uuid: string }) => void, RegExp]>([
    ['a document that is missing', (logs) => logs.documents.pop(), /^49 documents, and 50 on west-1/],
    ['a document too many', (logs) => logs.documents.push({ _id: 'more' }), /^51 documents, and 50/],
    [
      'one field',
      (logs) => Object.assign(logs.documents[3] ?? {}, { driver: 9 }),
      /as many documents, but not the same/,
    ],
    [
      'one document twice in place of another',
      (logs) => logs.documents.splice(4, 1, { _id: 5, driver: 0 }),
      /not the same/,
    ],
    ['an index', (logs) => logs.indexes.pop(), /^1 index missing or different: driver_1/],
    ['an index too many', (logs) => logs.indexes.push({ name: 'own_1' }), /^1 index too many: own_1/],
    ['an option', (logs) => Object.assign(logs.options, { validator: {} }), /has other options/],
    ['another collection of that name', (logs) => Object.assign(logs, { uuid: 'z' }), /is another collection/],
  ])('finds %s', async (_what, damage, says) => {
    const { copies, of } = paperCopies([E1, W1]);
    const logs = of(E1).get('driver_logs');
    if (logs) damage(logs);
    const { differences } = await compare(copies);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ collection: 'eld.driver_logs', what: expect.stringMatching(says) });
  });

  it('finds a collection that is missing, and one that should not be there', async () => {
    const { copies, of } = paperCopies([E1, W1]);
    const own = of(E1).get('vehicles');
    of(E1).delete('vehicles');
    if (own) of(E1).set('extra', { ...own, uuid: 'x' });
    expect((await compare(copies)).differences.map(({ collection }) => collection)).toEqual([
      'eld.vehicles',
      'eld.extra',
    ]);
  });

  it('a region with a member that differs does not count as rebuilt, and the answer is a new copy', async () => {
    const bench = await rebuildWorld();
    bench.paper.of(E2).get('driver_logs')?.documents.pop();
    await bench.create(R50);
    expect(await bench.execute(R50)).toBe('failed');
    expect((await bench.record(R50)).failure).toMatchObject({
      code: 'COPY_DIFFERS',
      message: expect.stringContaining('east-2:27017 eld.driver_logs: 49 documents'),
      hint: expect.stringContaining('/dr rebuild us-east-1 --wipe'),
    });
    expect(await givenUp(bench.world.givenUp, EAST)).toMatchObject({ run: LOST_IN });
  });
});

/** A member whose history has no point in common with the primary's any more; a new copy has. */
async function stuckAt(host: string, wipe: boolean): Promise<Bench> {
  const bench = await rebuildWorld();
  await bench.create(R50, wipe);
  bench.replicaSet.setFollowing(host, false);
  bench.replicaSet.newTerm();
  const emptied = new Set<string>();
  const { hosts } = bench;
  Object.assign(bench.world, {
    hosts: {
      ...hosts,
      wipe: async (of: string) => {
        await hosts.wipe(of);
        emptied.add(of);
      },
      start: async (of: string) => {
        await hosts.start(of);
        if (emptied.has(of)) bench.replicaSet.setFollowing(of, true);
      },
    },
  });
  return bench;
}

it('a member that can not follow is copied anew only when it has nothing of its own, or people agreed', async () => {
  const unsaved = await stuckAt(E1, false);
  expect(await unsaved.execute(R50)).toBe('failed');
  expect((await unsaved.record(R50)).failure).toMatchObject({ hint: expect.stringContaining('--wipe') });
  expect(unsaved.hosts.orders).not.toContain(`${E1} wiped`);

  const nothing = await stuckAt(E2, false);
  expect(await nothing.execute(R50)).toBe('done');
  expect(nothing.hosts.orders).toContain(`${E2} wiped`);
  expect(texts(nothing)[2]).toBe('2 members without a vote follow, 1 copied anew.');

  const agreed = await stuckAt(E1, true);
  expect(await agreed.execute(R50)).toBe('done');
  expect(agreed.hosts.orders.filter((order) => order.endsWith('wiped'))).toEqual([`${E1} wiped`, `${E2} wiped`]);
  // nothing is emptied before all of it was saved
  expect(agreed.saved).toHaveLength(2);
});

it.each(['before', 'after'] as const)(
  'a worker killed %s any journal write is followed by one that finishes',
  async (when) => {
    const crash = new Error('the process is gone');
    let crashes = 0;
    for (let at = 1; at <= 12; at += 1) {
      const bench = await rebuildWorld();
      await bench.create(R50, true);
      let left = at;
      let dead = false;
      const die = (): never => {
        dead = true;
        throw crash;
      };
      const dying = (journal: Journal): Journal => ({
        ...journal,
        get: async (id) => (dead ? die() : journal.get(id)),
        replace: async (seen, next) => {
          if (dead) die();
          left -= 1;
          if (left === 0 && when === 'before') die();
          const replaced = await journal.replace(seen, next);
          return left === 0 ? die() : replaced;
        },
      });
      const first = await bench.execute(R50, dying).catch((error: unknown) => {
        if (error !== crash) throw error;
        crashes += 1;
        return undefined;
      });
      expect(first ?? (await bench.execute(R50)), `write ${at}`).toBe('done');
      const wiped = bench.hosts.orders.filter((order) => order.endsWith('wiped'));
      expect(wiped, `write ${at}`).toEqual([`${E1} wiped`, `${E2} wiped`]);
      expect(await givenUp(bench.world.givenUp, EAST), `write ${at}`).toBeUndefined();
    }
    expect(crashes).toBeGreaterThan(8);
  },
);

it('stopped in the middle, it starts what ran before, and lets the next failover have its turn', async () => {
  const bench = await rebuildWorld();
  const { saveDivergent } = bench.world.returned;
  Object.assign(bench.world.returned, {
    saveDivergent: async (...asked: Parameters<typeof saveDivergent>) => {
      await demandStop(bench.journal, R50, john);
      await systemClock.sleep(800);
      return saveDivergent(...asked);
    },
  });
  await bench.create(R50);
  expect(await bench.execute(R50)).toBe('stopped');
  expect(await Promise.all([E1, E2].map(async (host) => (await bench.hosts.look(host)).state))).toEqual([
    'running',
    'running',
  ]);
  expect(await givenUp(bench.world.givenUp, EAST)).toBeDefined();
});

it('says by hand what is to be done on a machine, goes on when it sees it done, and asks for nothing twice', async () => {
  const { world, replicaSet } = await rebuildWorld({ hosts: undefined });
  const told: string[] = [];
  let alone: string | undefined;
  const hosts = byHand({
    world: { ...world, aloneAt: async (address) => (address === alone ? `mongodb://${address}/` : undefined) },
    region: EAST,
    clock: systemClock,
    signal: new AbortController().signal,
    // somebody who does what is said
    report: ({ text }) => {
      const says = text.join('');
      told.push(says);
      if (says.includes('disable --now')) replicaSet.setUp(E1, false);
      else if (says.includes('recoverFromOplogAsStandalone')) alone = 'east-1:27117';
      else if (says.includes('Ctrl-C')) alone = undefined;
      else if (says.includes('enable --now')) replicaSet.setUp(E1, true);
    },
  });
  const states = [(await hosts.look(E1)).state];
  for (let time = 0; time < 2; time += 1) await hosts.hold(E1);
  states.push((await hosts.look(E1)).state);
  for (let time = 0; time < 2; time += 1)
    expect(await hosts.startAlone(E1)).toEqual({ uri: 'mongodb://east-1:27117/' });
  states.push((await hosts.look(E1)).state);
  await hosts.hold(E1);
  await hosts.wipe(E1);
  for (let time = 0; time < 2; time += 1) await hosts.start(E1);
  expect(states).toEqual(['running', 'held', 'alone']);
  expect(told.map((text) => /disable|recover|Ctrl-C|delete; sudo systemctl enable/.exec(text)?.[0])).toEqual([
    ...['disable', 'recover', 'Ctrl-C', 'delete; sudo systemctl enable'],
  ]);
});

describe('the preview', () => {
  it('refuses the region that serves, members that vote, silent machines and regions without a member', async () => {
    const { world, replicaSet, hosts } = await rebuildWorld();
    const asked = (region: typeof EAST) => previewRebuild(world, { region, wipe: false });
    await expect(asked(WEST)).rejects.toMatchObject({ code: 'REGION_ALREADY_ACTIVE' });
    await expect(asked(EU)).rejects.toMatchObject({ code: 'REGION_UNKNOWN' });
    hosts.setPower(E2, false);
    await expect(asked(EAST)).rejects.toMatchObject({ code: 'REGION_UNREACHABLE', data: { silent: [E2] } });
    hosts.setPower(E2, true);
    await replicaSet.setRoles([{ host: E1, votes: 1, priority: 0 }], 1_000);
    await expect(asked(EAST)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('a vote that a member was given after the preview stops the run before anything is held', async () => {
    const bench = await rebuildWorld();
    await bench.create(R50);
    await bench.replicaSet.setRoles([{ host: E1, votes: 1, priority: 0 }], 1_000);
    expect(await bench.execute(R50)).toBe('failed');
    expect(bench.hosts.orders).toEqual([]);
  });
});

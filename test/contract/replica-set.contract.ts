import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAtLeast, lacksSaid, type Member, type MemberRole, PLANNED_NEEDS, type ReplicaSet } from '#ports';
import { until } from '#sandbox/servers';

export interface ReplicaSetHands {
  readonly set: ReplicaSet;
  /** Highest priority first: it is the primary. All have a vote. */
  readonly hosts: readonly [string, string, string];
  /** An application's write, acknowledged; rejects when it is refused. */
  write(): Promise<void>;
  setUp(host: string, up: boolean): Promise<void>;
  close(): Promise<void>;
}

const UNAVAILABLE = { code: 'DATABASE_UNAVAILABLE', kind: 'transient' };
const REFUSED = { code: 'DATABASE_REFUSED', kind: 'permanent' };
const WITHIN_MS = 10_000;

const aloneOf = (hosts: ReplicaSetHands['hosts']): MemberRole[] =>
  hosts.map((host) => (host === hosts[2] ? { host, votes: 1, priority: 1 } : { host, votes: 0, priority: 0 }));

/** What every replica set does for an operator. The tests follow one another on one set. */
export function replicaSetContract(kind: string, open: () => Promise<ReplicaSetHands>): void {
  describe(`replica set (${kind})`, () => {
    let hands: ReplicaSetHands;
    beforeAll(async () => {
      hands = await open();
    }, 60_000);
    afterAll(() => hands?.close());

    const memberOf = async (host: string): Promise<Member> => {
      const found = (await hands.set.look()).members.find((member) => member.host === host);
      if (!found) throw new Error(`${host} is not in the view`);
      return found;
    };

    it('shows every member as it describes itself, and one that takes writes', async () => {
      const { set, hosts } = hands;
      await until('all follow', async () =>
        (await set.look()).members.every(({ state, seesPrimary }) => state !== 'unreachable' && seesPrimary),
      );
      const { members } = await set.look();
      expect(members.map(({ host }) => host).sort()).toEqual([...hosts].sort());
      expect(members.filter(({ writable }) => writable).map(({ host }) => host)).toEqual([hosts[0]]);
      expect(members.map(({ seesPrimary }) => seesPrimary)).toEqual([hosts[0], hosts[0], hosts[0]]);
      expect(members.every(({ votes, blocked }) => votes === 1 && blocked === false)).toBe(true);
      expect(await set.primary()).toBe(hosts[0]);
    });

    it('each member says what it is, and that it can do what a planned move needs', async () => {
      for (const host of hands.hosts) {
        const found = await hands.set.abilities(host);
        expect(found.product).toMatch(/^MongoDB Community \d/);
        expect(lacksSaid(found, PLANNED_NEEDS)).toEqual([]);
      }
    });

    it('a write moves the primary on, and the others come after', async () => {
      const { set, hosts, write } = hands;
      const before = await set.appliedOn(hosts[0]);
      await write();
      const after = await set.appliedOn(hosts[0]);
      expect(isAtLeast(after, before) && !isAtLeast(before, after)).toBe(true);
      await until('all have it', async () => {
        const applied = await Promise.all(hosts.map((host) => set.appliedOn(host)));
        return applied.every((at) => isAtLeast(at, after));
      });
    });

    it('blocks writes of applications and takes them again, each order twice without harm', async () => {
      const { set, hosts, write } = hands;
      for (let time = 0; time < 2; time += 1) await set.blockWrites(WITHIN_MS);
      await expect(write()).rejects.toThrow();
      expect(await memberOf(hosts[0])).toMatchObject({ writable: false, blocked: true, state: 'primary' });
      for (let time = 0; time < 2; time += 1) await set.unblockWrites();
      await write();
      expect(await memberOf(hosts[0])).toMatchObject({ writable: true, blocked: false });
    });

    it('ends no transaction where none is open for so long', async () => {
      expect(await hands.set.endTransactions(60_000)).toBe(0);
    });

    it('changes one vote at a time, keeps what is so already, and refuses what could split the set', async () => {
      const { set, hosts } = hands;
      const { configVersion } = await set.look();
      await set.setRoles([{ host: hosts[2], votes: 1, priority: (await memberOf(hosts[2])).priority }], WITHIN_MS);
      expect((await set.look()).configVersion).toBe(configVersion);
      await set.setRoles([{ host: hosts[2], votes: 0, priority: 0 }], WITHIN_MS);
      await until('the role holds', async () => (await memberOf(hosts[2])).votes === 0);
      expect((await set.look()).configVersion).toBeGreaterThan(configVersion);
      const both = [
        { host: hosts[2], votes: 1, priority: 1 },
        { host: hosts[1], votes: 0, priority: 0 },
      ];
      await expect(set.setRoles(both, WITHIN_MS)).rejects.toMatchObject({ kind: 'bug' });
      await expect(set.setRoles([{ host: 'nowhere:1', votes: 0, priority: 0 }], WITHIN_MS)).rejects.toMatchObject(
        REFUSED,
      );
      await set.setRoles([{ host: hosts[2], votes: 1, priority: 1 }], WITHIN_MS);
      await until('the vote is back', async () => (await memberOf(hosts[2])).votes === 1);
    });

    it('makes another member the primary, and may be asked for the same twice', async () => {
      const { set, hosts, write } = hands;
      await expect(set.stepUp('nowhere:1', 500)).rejects.toMatchObject({ name: 'DrError' });
      for (let time = 0; time < 2; time += 1) await set.stepUp(hosts[1], WITHIN_MS);
      expect(await set.primary()).toBe(hosts[1]);
      await write();
      await until('all have seen it', async () =>
        (await set.look()).members.every(({ seesPrimary }) => seesPrimary === hosts[1]),
      );
      expect((await set.look()).members.filter(({ writable }) => writable)).toHaveLength(1);
      await set.stepUp(hosts[0], WITHIN_MS);
    });

    it('forces nothing through a member that sees a primary', async () => {
      const { set, hosts } = hands;
      const { configVersion, catchUpMs } = await set.look();
      await expect(set.forceRoles(hosts[2], aloneOf(hosts), 500)).rejects.toMatchObject(REFUSED);
      expect(await set.look()).toMatchObject({ configVersion, catchUpMs });
      expect(await set.primary()).toBe(hosts[0]);
    });

    it('says that a dead member is unreachable, and keeps what the configuration says of it', async () => {
      const { set, hosts, setUp } = hands;
      const { priority } = await memberOf(hosts[2]);
      await setUp(hosts[2], false);
      expect(await memberOf(hosts[2])).toMatchObject({
        state: 'unreachable',
        writable: false,
        blocked: undefined,
        applied: undefined,
        votes: 1,
        priority,
      });
      await expect(set.appliedOn(hosts[2])).rejects.toMatchObject(UNAVAILABLE);
      expect(await set.primary()).toBe(hosts[0]);
    });

    it('without a majority there is no primary, soon; with nobody there is no view', async () => {
      const { set, hosts, setUp } = hands;
      await setUp(hosts[1], false);
      await until('the primary gives up', async () =>
        set.primary().then(
          () => false,
          (error) => error.code === 'DATABASE_UNAVAILABLE',
        ),
      );
      await expect(set.blockWrites(1_000)).rejects.toMatchObject({ kind: 'transient' });
      await setUp(hosts[0], false);
      await expect(set.look()).rejects.toMatchObject(UNAVAILABLE);
      await expect(set.forceRoles(hosts[2], aloneOf(hosts), 500)).rejects.toMatchObject(UNAVAILABLE);
    });

    it('through the one that is left roles are forced, once; it leads alone, and later waits for others again', async () => {
      const { set, hosts, setUp, write } = hands;
      await setUp(hosts[2], true);
      for (let time = 0; time < 2; time += 1) await set.forceRoles(hosts[2], aloneOf(hosts), WITHIN_MS);
      const { configVersion, catchUpMs, members } = await set.look();
      expect(catchUpMs).toBe(0);
      expect(new Set(members.filter(({ votes }) => votes > 0).map(({ host }) => host))).toEqual(new Set([hosts[2]]));
      await set.forceRoles(hosts[2], aloneOf(hosts), WITHIN_MS);
      expect((await set.look()).configVersion).toBe(configVersion);
      await expect(set.forceRoles(hosts[2], [{ host: 'nowhere:1', votes: 0, priority: 0 }], 500)).rejects.toMatchObject(
        REFUSED,
      );
      await set.stepUp(hosts[2], WITHIN_MS);
      expect(await set.primary()).toBe(hosts[2]);
      await write();
      await set.setRoles([], WITHIN_MS, -1);
      expect((await set.look()).catchUpMs).toBe(-1);
    });
  });
}

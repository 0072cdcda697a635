import { describe, expect, it } from 'vitest';
import { memoryReplicaSet } from '#adapters/memory';
import type { ReplicaSetView } from '#ports';
import {
  electionsLook,
  lagLook,
  membersLook,
  primaryLook,
  redundancyLook,
} from '../../../src/detection/looks/members.ts';
import { EAST, EU, WEST } from '../reports.ts';
import { see } from './see.ts';

const threeMembers = () =>
  memoryReplicaSet([
    { host: 'east-1', region: EAST, priority: 3 },
    { host: 'east-2', region: EAST, priority: 2 },
    { host: 'west-1', region: WEST, priority: 1 },
  ]);

describe('the replica set', () => {
  it('with everybody there is well in each region', async () => {
    const set = threeMembers();
    for (const look of [
      membersLook(set.look, EAST),
      redundancyLook(set.look, EAST),
      primaryLook(set.look),
      lagLook(set.look, WEST, 1_000),
    ]) {
      expect((await see(look)).state).toBe('well');
    }
  });

  it('that lost one of two members has less redundancy, and the region works', async () => {
    const set = threeMembers();
    set.setUp('east-2', false);
    expect((await see(membersLook(set.look, EAST))).state).toBe('well');
    expect(await see(redundancyLook(set.look, EAST))).toMatchObject({
      state: 'failed',
      what: 'database lost 1 of 2 members',
      words: ['east-2 does not answer'],
    });
  });

  it('without a majority has no primary, and the region that should have it is named', async () => {
    const set = threeMembers();
    set.setUp('east-1', false);
    set.setUp('east-2', false);
    expect(await see(primaryLook(set.look))).toMatchObject({
      state: 'failed',
      what: 'database has no primary',
      where: EAST,
      words: ['2 of 3 members do not work: east-1 does not answer, east-2 does not answer'],
    });
    expect(await see(membersLook(set.look, EAST))).toMatchObject({ state: 'failed', what: 'database does not answer' });
    // what is lost altogether is told once
    expect((await see(redundancyLook(set.look, EAST))).state).toBe('unknown');
    expect((await see(lagLook(set.look, WEST, 1_000))).state).toBe('unknown');
  });

  it('with a write block refuses writes; with two who take them it is torn', async () => {
    const set = threeMembers();
    await set.blockWrites(1_000);
    expect(await see(primaryLook(set.look))).toMatchObject({ state: 'failed', what: 'database refuses writes' });
    await set.unblockWrites();
    const torn = async (): Promise<ReplicaSetView> => {
      const view = await set.look();
      return { ...view, members: view.members.map((each) => ({ ...each, state: 'primary', writable: true })) };
    };
    expect(await see(primaryLook(torn))).toMatchObject({ state: 'failed', what: 'database has two primaries' });
  });

  it('that is behind beyond the limit is not fit for a failover', async () => {
    const set = threeMembers();
    set.setFollowing('west-1', false);
    for (let count = 0; count < 1_200; count += 1) set.write();
    expect(await see(lagLook(set.look, WEST, 1_000))).toMatchObject({ state: 'failed', numbers: { lagMs: 1_200 } });
    expect(await see(lagLook(set.look, WEST, 1_200))).toMatchObject({ state: 'well' });
  });

  it('in a region without members is not seen, rather than well', async () => {
    const set = threeMembers();
    for (const look of [membersLook, redundancyLook]) expect((await see(look(set.look, EU))).state).toBe('unknown');
  });

  it('that elects again and again fails, until the last elections are old', async () => {
    const set = threeMembers();
    let nowMs = 0;
    const look = electionsLook(set.look, { changes: 4, withinMs: 900_000 }, () => nowMs);
    const states: string[] = [];
    for (const host of ['west-1', 'east-1', 'east-2', 'east-1']) {
      states.push((await see(look)).state);
      await set.stepUp(host, 1_000);
      nowMs += 60_000;
    }
    states.push((await see(look)).state);
    nowMs += 900_000;
    states.push((await see(look)).state);
    expect(states).toEqual(['well', 'well', 'well', 'well', 'failed', 'well']);
  });
});

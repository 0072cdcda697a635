import { describe, expect, it } from 'vitest';
import { DrError, Region } from '#core';
import type { MemberHost, MemberHosts, ReplicaSet, ReplicaSetView } from '#ports';
import { heldMembers } from '../../src/main/held-members.ts';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
type States = Readonly<Record<string, MemberHost['state'] | 'silent'>>;

/** Two members in the east and one in the west, which sees the east's as `seen`: of a view no more than that counts here. */
const setSeenAs = (seen: 'unreachable' | 'secondary'): Pick<ReplicaSet, 'look'> => ({
  look: async () =>
    ({
      members: [
        { host: 'east-1', region: EAST, state: seen },
        { host: 'east-2', region: EAST, state: 'unreachable' },
        { host: 'west-1', region: WEST, state: 'secondary' },
      ],
    }) as unknown as ReplicaSetView,
});

const machines = (states: States): Pick<MemberHosts, 'look'> => ({
  look: async (host) => {
    const state = states[host] ?? 'silent';
    if (state === 'silent') throw new DrError('HOST_UNAVAILABLE', 'transient', `${host} does not answer.`);
    return { host, region: EAST, state, crashes: 0 };
  },
});

describe('members that their machines hold', () => {
  const replicaSet = setSeenAs('unreachable');

  it('are a region’s when each of them is held and none is heard', async () => {
    const hosts = machines({ 'east-1': 'held', 'east-2': 'held' });
    expect(await heldMembers(EAST, { replicaSet, hosts })).toEqual(['east-1', 'east-2']);
  });

  it('are not when one only stopped, and may be started by whoever finds it', async () => {
    const hosts = machines({ 'east-1': 'held', 'east-2': 'stopped' });
    expect(await heldMembers(EAST, { replicaSet, hosts })).toBeUndefined();
  });

  it('are not when one is heard, whatever its machine says', async () => {
    const hosts = machines({ 'east-1': 'held', 'east-2': 'held' });
    expect(await heldMembers(EAST, { replicaSet: setSeenAs('secondary'), hosts })).toBeUndefined();
  });

  it('are not known where a machine is silent, or where there is no agent, or no member', async () => {
    await expect(heldMembers(EAST, { replicaSet, hosts: machines({ 'east-1': 'held' }) })).rejects.toThrow('east-2');
    expect(await heldMembers(EAST, { replicaSet, hosts: undefined })).toBeUndefined();
    expect(await heldMembers(Region.parse('eu-west-1'), { replicaSet, hosts: machines({}) })).toBeUndefined();
  });
});

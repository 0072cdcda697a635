import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore, memoryReplicaSet } from '#adapters/memory';
import { keepRule } from '#alarms';
import { DrError } from '#core';
import type { DiskRoom, Look, MemberHost, MemberLoad, ProbeResult, ReplicaSetView, TrafficView } from '#ports';
import { ALARM_TOPICS, alarmLooks } from '../../src/detection/looks/alarms.ts';
import { answersLook, ifSeen, replicasLook } from '../../src/detection/looks/answering.ts';
import { askedOnce } from '../../src/detection/looks/asked-once.ts';
import { errorsLook } from '../../src/detection/looks/errors.ts';
import { cacheLook, connectionsLook, disksLook, loginsLook } from '../../src/detection/looks/loads.ts';
import { askMachines, cpuLook, memoryLook } from '../../src/detection/looks/machines.ts';
import { electionsLook, lagLook, membersLook, primaryLook, redundancyLook } from '../../src/detection/looks/members.ts';
import { seldom } from '../../src/detection/looks/seldom.ts';
import { EAST, EU, WEST } from './reports.ts';

const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));
const see = (look: Look): Promise<ProbeResult> => look(new AbortController().signal);
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

describe('traffic', () => {
  const view = (acknowledged: number, failures: number) => async (): Promise<TrafficView> => ({
    windowMs: 5_000,
    byRegion: [{ region: EAST, acknowledged, failed: failures }],
  });
  it.each([
    [95, 5, 'well'],
    [90, 10, 'failed'],
    [0, 100, 'failed'],
    [10, 9, 'unknown'],
  ])('with %d answered and %d failed requests is %s at a limit of 10 %%', async (good, bad, state) => {
    expect((await see(errorsLook(view(good, bad), EAST, 10))).state).toBe(state);
  });

  it('is not known where nobody counts it, or none goes there', async () => {
    const silent = async (): Promise<TrafficView> => {
      throw new DrError('SERVICE_UNAVAILABLE', 'transient', 'no stats');
    };
    expect((await see(errorsLook(silent, EAST, 10))).state).toBe('unknown');
    expect((await see(errorsLook(view(100, 0), WEST, 10))).state).toBe('unknown');
  });
});

describe('what carries load', () => {
  const load = (more: Partial<MemberLoad>): MemberLoad => ({
    member: 'east-1',
    connections: { current: 10, available: 990 },
    cache: { used: 80, most: 100 },
    logins: { tried: 100, failed: 3 },
    ...more,
  });
  it('fails at its limit, by the member that is the fullest', async () => {
    const loads = async () => [load({}), load({ member: 'east-2', connections: { current: 950, available: 50 } })];
    expect(await see(connectionsLook(loads, 95))).toMatchObject({ state: 'failed', numbers: { percent: 95 } });
    expect((await see(connectionsLook(loads, 96))).state).toBe('well');
    expect((await see(cacheLook(loads, 80))).state).toBe('failed');
    expect((await see(cacheLook(async () => [load({ cache: undefined })], 80))).state).toBe('unknown');
  });

  it('runs out of disk at the least free member, and is not seen where nobody may say', async () => {
    const room = async (): Promise<DiskRoom[]> => [
      { member: 'east-1', freeBytes: 50e9, totalBytes: 100e9 },
      { member: 'west-1', freeBytes: 9e9, totalBytes: 100e9 },
    ];
    expect(await see(disksLook(room, 10))).toMatchObject({ state: 'failed', numbers: { percent: 9 } });
    expect((await see(disksLook(async () => [], 10))).state).toBe('unknown');
  });

  it('counts failed logins between two looks, and calls many of them hostile', async () => {
    let failures = 3;
    let nowMs = 0;
    const look = loginsLook(
      async () => [load({ logins: { tried: 500, failed: failures } })],
      30,
      () => nowMs,
    );
    expect((await see(look)).state).toBe('unknown');
    nowMs += 30_000;
    failures += 14;
    expect((await see(look)).state).toBe('well');
    nowMs += 30_000;
    failures += 15;
    expect(await see(look)).toMatchObject({ state: 'failed', hostile: true, numbers: { perMinute: 30 } });
    nowMs += 30_000;
    failures = 2;
    expect((await see(look)).state, 'it restarted').toBe('unknown');
  });
});

describe("the database's machines", () => {
  const machines = () => {
    const busy = { 'east-1': 1_000, 'west-1': 5_000 };
    const silent = new Set<string>();
    let nowMs = 0;
    const look = async (host: string): Promise<MemberHost> => {
      if (silent.has(host)) throw new DrError('HOST_UNAVAILABLE', 'transient', `The agent of ${host} does not answer.`);
      const memory = { bytes: 16e9, availableBytes: host === 'west-1' ? 0.8e9 : 8e9 };
      const machine = { cores: 4, busySeconds: busy[host === 'west-1' ? host : 'east-1'], memory };
      return { host, region: host === 'west-1' ? WEST : EAST, state: 'running', crashes: 0, machine };
    };
    const ask = askMachines({ look }, ['east-1', 'west-1']);
    const cpu = cpuLook(ask, 95, () => nowMs);
    const passes = (seconds: number, east: number, west: number): void => {
      nowMs += seconds * 1_000;
      busy['east-1'] += east;
      busy['west-1'] += west;
    };
    return { ask, cpu, passes, silent, busy };
  };

  it('use of their processors what they worked between two looks, whatever they did before', async () => {
    const { cpu, passes } = machines();
    expect((await see(cpu)).state).toBe('unknown');
    passes(30, 60, 12);
    expect(await see(cpu)).toMatchObject({
      state: 'well',
      words: ['the machine of east-1 used 50 % of its 4 cores since the look before, limit 95 %'],
    });
    passes(30, 12, 114);
    expect(await see(cpu)).toMatchObject({
      state: 'failed',
      what: 'database runs out of CPU',
      where: WEST,
      numbers: { percent: 95, cores: 4 },
    });
  });

  it('that started anew, or whose agent is silent, are named as not seen and are never well', async () => {
    const { cpu, passes, silent, busy } = machines();
    await see(cpu);
    passes(30, 60, 60);
    silent.add('west-1');
    expect(await see(cpu)).toMatchObject({ state: 'well', words: [expect.stringMatching(/; not seen: west-1$/)] });
    busy['east-1'] = 3;
    expect((await see(cpu)).state).toBe('unknown');
    silent.add('east-1');
    expect(await see(cpu)).toMatchObject({ state: 'unknown', words: ['The agent of east-1 does not answer'] });
  });

  it('have memory left as programs could have it', async () => {
    const { ask } = machines();
    expect((await see(memoryLook(ask, 4))).state).toBe('well');
    expect(await see(memoryLook(ask, 5))).toMatchObject({
      state: 'failed',
      where: WEST,
      words: ['the machine of west-1 has 800 MB of 16 GB memory left, 5 %, limit 5 %'],
    });
  });

  it('without an agent are not seen, and it is said why', async () => {
    for (const look of [cpuLook(askMachines(undefined, []), 95, () => 0), memoryLook(askMachines(undefined, []), 5)]) {
      expect(await see(look)).toMatchObject({ state: 'unknown', words: [expect.stringContaining('no agent is on')] });
    }
  });
});

describe('what we need of others', () => {
  it('answers, refuses or is silent', async () => {
    const throwing = (kind: 'transient' | 'permanent') => async () => {
      throw new DrError('KEY_REFUSED', kind, 'AccessDenied for alias/backup-key', { hint: 'dr doctor' });
    };
    expect((await see(answersLook('KMS', async () => 'x', clock))).state).toBe('well');
    expect(await see(answersLook('KMS', throwing('permanent'), clock))).toMatchObject({
      state: 'failed',
      what: 'KMS refuses us',
      next: 'dr doctor',
    });
    await expect(see(answersLook('KMS', throwing('transient'), clock))).rejects.toMatchObject({ kind: 'transient' });
    expect((await see(ifSeen(answersLook('KMS', throwing('transient'), clock)))).state).toBe('unknown');
  });

  it('has as many instances as it should', async () => {
    const clusters = (ready: number) => ({ replicas: async () => ({ wanted: 3, ready }) });
    expect((await see(replicasLook(clusters(3), EAST))).state).toBe('well');
    expect((await see(replicasLook(clusters(2), EAST))).state).toBe('failed');
  });
});

describe('an alarm', () => {
  it('becomes what its check says, with its own words, and no alarm is well', async () => {
    const store = memoryControlStore(clock);
    const lookOf = (rule: string): Look => {
      const topic = ALARM_TOPICS.find((each) => each.rule === rule);
      if (!topic) throw new Error(`no topic ${rule}`);
      return alarmLooks(store, clock)(topic);
    };
    expect((await see(lookOf('damage'))).state).toBe('well');
    const sighting = (key: string) => ({
      ...{ key, state: 'bad' as const, title: `${key} is wrong`, cause: ['it was read'], effect: ['less is safe'] },
      ...{ next: '/dr verify B-1123-0800', numbers: { objects: 2 }, mark: 'x' },
    });
    for (const [name, key] of [
      ['damage', 'damage/B-1123-0800'],
      ['blind', 'blind/backup-late'],
    ] as const) {
      const rule = {
        name,
        about: name,
        everyMs: 1,
        raiseAfterMs: 0,
        overAfterMs: 0,
        look: async () => [sighting(key)],
      };
      await keepRule(store, rule);
    }
    expect(await see(lookOf('damage'))).toMatchObject({
      state: 'failed',
      what: 'damage/B-1123-0800 is wrong',
      next: '/dr verify B-1123-0800',
      hostile: true,
      numbers: { objects: 2, alarms: 1 },
    });
    expect((await see(lookOf('other-alarms'))).state).toBe('failed');
    expect((await see(lookOf('backup-late'))).state).toBe('well');
  });
});

describe('one answer for a round', () => {
  it('is asked for once, also when it is an error, and anew in the next round', async () => {
    let asked = 0;
    const ask = askedOnce(
      async () => {
        asked += 1;
        throw new Error('no');
      },
      { clock, ms: 1_000 },
    );
    await expect(ask()).rejects.toThrow('no');
    await expect(ask()).rejects.toThrow('no');
    expect(asked).toBe(1);
    await clock.advance(1_000);
    await expect(ask()).rejects.toThrow('no');
    expect(asked).toBe(2);
  });
});

describe('what only people change', () => {
  it('is asked seldom while it is well, and in every round once it is not or was not seen', async () => {
    const time = createSettableClock(new Date('2026-11-23T08:00:00Z'));
    const answers: ProbeResult['state'][] = ['well', 'failed', 'unknown', 'failed', 'well', 'well'];
    let asked = 0;
    const look = seldom(
      async () => {
        const state = answers[asked] ?? 'well';
        asked += 1;
        return { state, words: [], numbers: {}, what: '', hostile: false };
      },
      { clock: time, ms: 300_000 },
    );
    const states: string[] = [];
    for (let round = 0; round < 32; round += 1) {
      states.push((await see(look)).state[0] ?? '');
      await time.advance(30_000);
    }
    // ten rounds on one answer, three on their own, ten on the next
    expect(states.join('')).toBe(`${'w'.repeat(10)}fuf${'w'.repeat(19)}`);
    expect(asked).toBe(6);
  });

  it('is asked again when the look broke off', async () => {
    let asked = 0;
    const look = seldom(
      async () => {
        asked += 1;
        throw new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'S3 does not answer.');
      },
      { clock, ms: 300_000 },
    );
    for (const _ of [1, 2]) await expect(see(look)).rejects.toThrow('S3 does not answer');
    expect(asked).toBe(2);
  });
});

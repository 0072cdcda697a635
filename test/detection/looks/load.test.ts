import { describe, expect, it } from 'vitest';
import { DrError } from '#core';
import type { DiskRoom, MemberHost, MemberLoad, TrafficView } from '#ports';
import { errorsLook } from '../../../src/detection/looks/errors.ts';
import { cacheLook, connectionsLook, disksLook, loginsLook } from '../../../src/detection/looks/loads.ts';
import { askMachines, cpuLook, memoryLook } from '../../../src/detection/looks/machines.ts';
import { EAST, WEST } from '../reports.ts';
import { see } from './see.ts';

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

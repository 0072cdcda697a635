import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { keepRule } from '#alarms';
import { DrError } from '#core';
import type { Look } from '#ports';
import { ALARM_TOPICS, alarmLooks } from '../../../src/detection/looks/alarms.ts';
import { answersLook, ifSeen, replicasLook } from '../../../src/detection/looks/answering.ts';
import { EAST } from '../reports.ts';
import { see } from './see.ts';

const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));

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

import { describe, expect, it } from 'vitest';
import { dueChanges, dueFull } from '#flows';
import { parsePlan } from '#plan';
import { eldText } from '../../plan/eld-plan.ts';

// full 03:00-05:00, changes every hour, New York
const { plan } = parsePlan(eldText, 'plan.yaml');
const state = (nextDueAt: string, lastDueAt?: string) =>
  ({
    ...{ id: 's', cron: '', timeZone: plan.timeZone, missed: [], nextDueAt: new Date(nextDueAt) },
    ...(lastDueAt ? { lastDueAt: new Date(lastDueAt) } : {}),
  }) as const;
const at = (text: string): Date => new Date(text);

describe('a backup is due', () => {
  it("by the plan's clocks, and late when its window is over", () => {
    const served = state('2026-11-24T08:00:00Z', '2026-11-23T08:00:00Z');
    expect(dueFull(plan, { state: served }, at('2026-11-23T12:00:00Z'))).toEqual({
      dueAt: at('2026-11-23T08:00:00Z'),
      lateAt: at('2026-11-23T10:00:00Z'),
    });
    expect(dueChanges(plan, { state: served }, at('2026-11-23T12:10:00Z'))).toEqual({
      dueAt: at('2026-11-23T11:00:00Z'),
      lateAt: at('2026-11-23T11:30:00Z'),
    });
  });

  it("at the same hour of people's clocks on both nights on which these are set", () => {
    const spring = state('2026-03-09T07:00:00Z', '2026-03-08T07:00:00Z');
    expect(dueFull(plan, { state: spring }, at('2026-03-08T12:00:00Z'))).toEqual({
      dueAt: at('2026-03-08T07:00:00Z'),
      lateAt: at('2026-03-08T09:00:00Z'),
    });
    const autumn = state('2026-11-02T08:00:00Z', '2026-11-01T08:00:00Z');
    expect(dueFull(plan, { state: autumn }, at('2026-11-01T12:00:00Z'))).toEqual({
      dueAt: at('2026-11-01T08:00:00Z'),
      lateAt: at('2026-11-01T10:00:00Z'),
    });
  });

  it('by a window that lies over the hour that a night has twice, or not at all', () => {
    const night = (from: string): typeof plan => {
      const snapshots = { ...plan.mongodb.snapshots, fullWindow: from };
      return { ...plan, mongodb: { ...plan.mongodb, snapshots } } as typeof plan;
    };
    // 01:30 is at 05:30Z and again at 06:30Z; 03:30 is at 08:30Z
    const autumn = dueFull(night('01:30-03:30'), { state: state('2026-11-01T05:30:00Z') }, at('2026-11-01T12:00:00Z'));
    expect(autumn).toEqual({ dueAt: at('2026-11-01T05:30:00Z'), lateAt: at('2026-11-01T08:30:00Z') });
    // 02:30 is not; an hour later stands for it
    const spring = dueFull(night('02:30-04:30'), { state: state('2026-03-08T07:30:00Z') }, at('2026-03-08T12:00:00Z'));
    expect(spring).toEqual({ dueAt: at('2026-03-08T07:30:00Z'), lateAt: at('2026-03-08T08:30:00Z') });
  });

  it('only since the schedule was first seen, and also when the scheduler died long ago', () => {
    const fresh = state('2026-11-24T08:00:00Z');
    expect(dueFull(plan, { state: fresh }, at('2026-11-23T12:00:00Z'))).toBeUndefined();
    expect(dueFull(plan, { state: undefined }, at('2026-11-23T12:00:00Z'))).toBeUndefined();
    const dead = state('2026-11-20T08:00:00Z', '2026-11-19T08:00:00Z');
    expect(dueFull(plan, { state: dead }, at('2026-11-23T12:00:00Z'))?.dueAt).toEqual(at('2026-11-23T08:00:00Z'));
  });

  it('and what is late stays so when the next one is due, also on the morning of the next day', () => {
    const served = state('2026-11-25T08:00:00Z', '2026-11-24T08:00:00Z');
    const yesterday = { dueAt: at('2026-11-23T08:00:00Z'), lateAt: at('2026-11-23T10:00:00Z') };
    const oldest = at('2026-11-20T08:00:10Z');
    expect(dueFull(plan, { state: served, oldest }, at('2026-11-24T09:00:00Z'))).toEqual(yesterday);
    expect(dueFull(plan, { state: served }, at('2026-11-24T09:00:00Z'))).toBeUndefined();
  });
});

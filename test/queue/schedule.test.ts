import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { createScheduler, defineSchedule, nextDue, type Occurrence, type Schedule } from '#queue';

const timeZone = 'America/New_York';
const times = (cron: string, from: string, count: number): string[] => {
  const found: string[] = [];
  for (let after = new Date(from); found.length < count; found.push(after.toISOString()))
    after = nextDue({ cron, timeZone }, after);
  return found;
};

describe('times of a schedule', () => {
  it('follow the clocks of their zone over both changes of daylight saving', () => {
    expect(times('0 3 * * *', '2026-03-07T12:00:00Z', 2)).toEqual([
      '2026-03-08T07:00:00.000Z',
      '2026-03-09T07:00:00.000Z',
    ]);
    expect(times('0 3 * * *', '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T08:00:00.000Z',
      '2026-11-02T08:00:00.000Z',
    ]);
  });

  it('come an hour later on the day on which they do not exist, and once on the day on which they exist twice', () => {
    expect(times('30 2 * * *', '2026-03-07T12:00:00Z', 2)).toEqual([
      '2026-03-08T07:30:00.000Z',
      '2026-03-09T06:30:00.000Z',
    ]);
    expect(times('30 1 * * *', '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-02T06:30:00.000Z',
    ]);
  });

  it('leave out no hour and repeat none when they are hourly', () => {
    const hours = times('0 * * * *', '2026-11-01T03:30:00Z', 5).map((time) => Date.parse(time));
    expect(hours.slice(1).every((hour, index) => hour - (hours[index] ?? 0) === 3_600_000)).toBe(true);
  });

  it.each([
    ['0 3 * *', timeZone],
    ['0 25 * * *', timeZone],
    ['0 3 * * *', 'Mars/Olympus'],
  ])('are refused when they are none: %s in %s', (cron, zone) => {
    const schedule = { name: 'x', cron, timeZone: zone, lateAfterMs: 1, start: async () => undefined };
    expect(() => defineSchedule(schedule)).toThrow(expect.objectContaining({ code: 'PLAN_INVALID', kind: 'user' }));
  });
});

function world(startAt = '2026-11-23T08:00:30Z') {
  const clock = createSettableClock(new Date(startAt));
  const store = memoryControlStore(clock);
  const served: (Occurrence & { by: string })[] = [];
  const late: string[] = [];
  const troubles: string[] = [];
  const processOf = (holder: string, more: Partial<Schedule> = {}) =>
    createScheduler({
      store,
      clock,
      holder,
      schedules: [
        defineSchedule({
          name: 'hourly',
          cron: '0 * * * *',
          timeZone: 'UTC',
          lateAfterMs: 600_000,
          start: async (occurrence) => void served.push({ ...occurrence, by: holder }),
          ...more,
        }),
      ],
      onLate: async (schedule, dueAt) => void late.push(`${schedule.name} ${dueAt.toISOString()}`),
      onTrouble: (what) => void troubles.push(what),
    });
  const keys = () => served.map(({ key }) => key);
  return { clock, store, served, late, troubles, processOf, keys };
}

describe('the scheduler', () => {
  it('starts each occurrence once among ten processes', async () => {
    const { clock, processOf, keys, late } = world();
    const processes = Array.from({ length: 10 }, (_, index) => processOf(`p${index}`, { cron: '* * * * *' }));
    for (const each of processes) each.start();
    await clock.advance(180_000);
    for (const each of processes) await each.stop();
    expect(keys()).toEqual([1, 2, 3].map((minute) => `hourly/2026-11-23T08:0${minute}:00.000Z`));
    expect(late).toEqual([]);
  });

  it('serves once after a downtime, for the newest time, and writes down the others as missed', async () => {
    const { clock, processOf, served, late } = world();
    const before = processOf('p1');
    await before.look();
    await clock.advance(30 * 3_600_000);
    const after = processOf('p2');
    await after.look();
    await after.look();
    expect(served).toHaveLength(1);
    expect(served[0]?.dueAt).toEqual(new Date('2026-11-24T14:00:00Z'));
    expect(served[0]?.missed).toHaveLength(29);
    const state = await after.state('hourly');
    expect(state?.missed).toHaveLength(29);
    expect(state?.nextDueAt).toEqual(new Date('2026-11-24T15:00:00Z'));
    expect(state?.lastEndedAt).toEqual(clock.now());
    expect(late).toEqual(['hourly 2026-11-23T09:00:00.000Z']);
  });

  it('lets another process finish what a dead one took, with the same key', async () => {
    const { clock, processOf, keys } = world();
    const dying = processOf('p1', { start: () => new Promise<never>(() => undefined) });
    await dying.look();
    await clock.advance(3_600_000);
    void dying.look();
    await clock.advance(1000);
    const other = processOf('p2');
    await other.look();
    expect(keys()).toEqual([]);
    await clock.advance(60_000);
    await other.look();
    expect(keys()).toEqual(['hourly/2026-11-23T09:00:00.000Z']);
  });

  it('tries again after a failure, tells when it gets late, once, and forgets the failure when mended', async () => {
    const { clock, processOf, late, troubles } = world();
    let broken = true;
    const tries: string[] = [];
    const scheduler = processOf('p1', {
      start: async ({ key }) => {
        tries.push(key);
        if (broken) throw new Error('no store');
      },
    });
    scheduler.start();
    await clock.advance(3_600_000 + 15 * 60_000);
    expect(new Set(tries)).toEqual(new Set(['hourly/2026-11-23T09:00:00.000Z']));
    expect(troubles.length).toBe(tries.length);
    expect(late).toEqual(['hourly 2026-11-23T09:00:00.000Z']);
    expect((await scheduler.state('hourly'))?.lastFailure?.message).toBe('no store');
    broken = false;
    await clock.advance(60_000);
    const state = await scheduler.state('hourly');
    expect(state?.lastFailure).toBeUndefined();
    expect(state?.taken).toBeUndefined();
    await scheduler.stop();
  });

  it('follows changed times from now on', async () => {
    const { clock, processOf, keys } = world();
    await processOf('p1').look();
    const changed = processOf('p2', { cron: '*/10 * * * *' });
    await changed.look();
    expect((await changed.state('hourly'))?.nextDueAt).toEqual(new Date('2026-11-23T08:10:00Z'));
    await clock.advance(600_000);
    await changed.look();
    expect(keys()).toEqual(['hourly/2026-11-23T08:10:00.000Z']);
  });
});

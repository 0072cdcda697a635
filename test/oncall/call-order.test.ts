import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { DrError } from '#core';
import { createRoster, openDuty, setOverrides } from '#oncall';
import { alex, at, commander, david, dba, john, overrideOf, planWith, tom } from './duty-world.ts';

const TURNS = { every: 'week' as const, starts: '2026-11-23', at: '09:00', people: [alex, tom] };
const away = (person: string, from: string, until: string) => ({ person, from, until });

const order = (plan: ReturnType<typeof planWith>, moment: string, ...overrides: ReturnType<typeof overrideOf>[]) =>
  createRoster(plan).callOrder(dba, at(moment), overrides).people;

describe('who is called, in order', () => {
  it('is the primary contact and then the backup, where nobody takes turns', () => {
    expect(order(planWith(), '2026-11-25T12:00Z')).toEqual([alex, david]);
  });

  it('is whoever has the turn, then the primary contact, then the backup, nobody twice', () => {
    const plan = planWith({ rotation: TURNS });
    expect(order(plan, '2026-11-20T12:00Z'), 'before the first turn').toEqual([alex, david]);
    expect(order(plan, '2026-11-25T12:00Z')).toEqual([alex, david]);
    expect(order(plan, '2026-12-02T12:00Z')).toEqual([tom, alex, david]);
  });

  it('skips whoever is away, at once', () => {
    const plan = planWith({
      rotation: TURNS,
      away: [away('tom-garcia', '2026-12-01T00:00:00Z', '2026-12-03T00:00:00Z')],
    });
    expect(order(plan, '2026-12-02T23:59Z')).toEqual([alex, david]);
    expect(order(plan, '2026-12-03T00:00Z')).toEqual([tom, alex, david]);
    const all = ['alex-chen', 'david-kim'].map((each) => away(each, '2026-12-01T00:00:00Z', '2026-12-03T00:00:00Z'));
    expect(order(planWith({ away: all }), '2026-12-02T12:00Z')).toEqual([]);
  });

  it('begins with whoever takes the role by an override, and ends with whoever it stands in for', () => {
    const override = overrideOf({ person: john, from: '2026-12-01T00:00Z', until: '2026-12-02T00:00Z' });
    expect(order(planWith(), '2026-11-30T23:59Z', override)).toEqual([alex, david]);
    expect(order(planWith(), '2026-12-01T00:00Z', override)).toEqual([john, david, alex]);
    expect(order(planWith(), '2026-12-02T00:00Z', override)).toEqual([alex, david]);
    const backup = overrideOf({ person: david, from: '2026-12-01T00:00Z', until: '2026-12-02T00:00Z' });
    expect(order(planWith(), '2026-12-01T00:00Z', backup)).toEqual([david, alex]);
  });

  it('is as if there were no override where whoever takes it is away, or it was cancelled, or is for another role', () => {
    const times = { from: '2026-12-01T00:00Z', until: '2026-12-02T00:00Z' };
    const gone = planWith({ away: [away('john-smith', '2026-12-01T00:00:00Z', '2026-12-03T00:00:00Z')] });
    expect(order(gone, '2026-12-01T12:00Z', overrideOf({ person: john, ...times }))).toEqual([alex, david]);
    const cancelled = { by: john, at: at('2026-12-01T06:00Z') };
    const ended = overrideOf({ person: john, ...times, cancelled });
    expect(order(planWith(), '2026-12-01T05:59Z', ended)).toEqual([john, david, alex]);
    expect(order(planWith(), '2026-12-01T06:00Z', ended)).toEqual([alex, david]);
    expect(order(planWith(), '2026-12-01T00:00Z', overrideOf({ person: john, ...times, role: commander }))).toEqual([
      alex,
      david,
    ]);
  });
});

describe('duty', () => {
  const NOW = at('2026-12-01T00:00Z');

  it('follows what the control store holds', async () => {
    const clock = createSettableClock(NOW);
    const [store, roster] = [memoryControlStore(clock), createRoster(planWith())];
    const duty = openDuty({ roster, store, clock });
    expect(await duty.onDuty(dba, NOW)).toBe(alex);
    const wanted = [{ person: john, from: NOW, until: at('2026-12-02T00:00Z') }] as const;
    await setOverrides(store, roster, { role: dba, wanted, reason: undefined, by: alex });
    expect(await duty.ladder(dba, NOW)).toEqual([john, david, alex]);
    expect(await duty.look(dba, NOW)).toMatchObject({ planAlone: undefined, override: { id: 'OV-1' } });
    expect(await duty.onDuty(commander, NOW)).toBe(john);
  });

  it('of several roles at one moment reads the overrides once', async () => {
    const clock = createSettableClock(NOW);
    const [store, roster] = [memoryControlStore(clock), createRoster(planWith())];
    let reads = 0;
    const counted: typeof store = {
      ...store,
      records: (...given) => {
        const records = store.records(...given);
        const find: typeof records.find = (query) => {
          reads += 1;
          return records.find(query);
        };
        return { ...records, find };
      },
    };
    const ladders = await openDuty({ roster, store: counted, clock }).ladders(roster.roles(), NOW);
    expect(reads).toBe(1);
    expect([...ladders.keys()]).toEqual([...roster.roles()]);
    expect(ladders.get(dba)).toEqual([alex, david]);
  });

  it('is by the plan alone where the store refuses, is silent, or holds what nobody can read, and says so', async () => {
    const clock = createSettableClock(NOW);
    const [store, roster] = [memoryControlStore(clock), createRoster(planWith())];
    const refusing = async () => {
      throw new DrError('STORE_UNAVAILABLE', 'transient', 'No member answers.');
    };
    const broken = (find: () => Promise<never>) =>
      openDuty({ roster, clock, store: { ...store, records: () => ({ ...store.records('x', never), find }) } });
    const refused = await broken(refusing).look(dba, NOW);
    expect(refused).toMatchObject({ people: [alex, david], planAlone: { message: 'No member answers.' } });
    const silent = broken(() => new Promise(() => undefined)).look(dba, NOW);
    await clock.advance(2_000);
    expect(await silent).toMatchObject({ people: [alex, david], planAlone: { code: 'STORE_UNAVAILABLE' } });
    const mangled = broken(async () => {
      throw new DrError('UNEXPECTED', 'bug', 'oncall-overrides database-admin does not fit its schema');
    });
    expect(await mangled.ladder(dba, NOW)).toEqual([alex, david]);
  });
});

const never = { parse: () => undefined } as never;

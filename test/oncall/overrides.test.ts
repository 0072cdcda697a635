import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlStore } from '#adapters/control-store';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { DrError, OverrideId, type PersonId } from '#core';
import { cancelOverride, createRoster, findOverride, readOverrides, setOverrides, type WantedOverride } from '#oncall';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { alex, at, commander, david, dba, jane, john, planWith } from './duty-world.ts';

const NOW = at('2026-11-30T08:00Z');
const DAY_MS = 24 * 60 * 60_000;
const roster = createRoster(planWith());

function world() {
  const clock = createSettableClock(NOW);
  const store = memoryControlStore(clock);
  const set = (wanted: readonly [WantedOverride] | readonly [WantedOverride, WantedOverride], role = dba) =>
    setOverrides(store, roster, { role, wanted, reason: undefined, by: alex });
  const take = (person: PersonId, from: string, until: string, role = dba) =>
    set([{ person, from: at(from), until: at(until) }], role);
  return { clock, store, set, take };
}
const id = (text: string): OverrideId => OverrideId.parse(text);

describe('an override', () => {
  it('has a number, and is kept with who asked and when', async () => {
    const { store, take } = world();
    expect(await take(john, '2026-12-01T00:00Z', '2026-12-02T00:00Z')).toMatchObject([
      { id: 'OV-1', role: dba, person: john, by: alex, setAt: NOW },
    ]);
    expect(await readOverrides(store)).toHaveLength(1);
  });

  it('is refused where another one has a part of that time, which is named', async () => {
    const { store, take } = world();
    await take(john, '2026-12-01T00:00Z', '2026-12-02T00:00Z');
    for (const [from, until] of [
      ['2026-12-01T23:59Z', '2026-12-03T00:00Z'],
      ['2026-11-30T23:00Z', '2026-12-01T00:01Z'],
      ['2026-12-01T08:00Z', '2026-12-01T09:00Z'],
      ['2026-11-30T23:00Z', '2026-12-03T00:00Z'],
    ] as const) {
      await expect(take(david, from, until)).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
        kind: 'user',
        message: expect.stringContaining(
          'John Smith takes Database Admin from 2026-12-01 00:00:00 UTC until 2026-12-02 00:00:00 UTC (OV-1).',
        ),
        data: { override: 'OV-1' },
      });
    }
    await take(david, '2026-12-02T00:00Z', '2026-12-03T00:00Z');
    await take(david, '2026-11-30T23:00Z', '2026-12-01T00:00Z');
    await take(david, '2026-12-01T00:00Z', '2026-12-02T00:00Z', commander);
    expect(await readOverrides(store)).toHaveLength(4);
  });

  it('that is asked for twice is set once', async () => {
    const { store, take } = world();
    const [first] = await take(john, '2026-12-01T00:00Z', '2026-12-02T00:00Z');
    expect(await take(john, '2026-12-01T00:00Z', '2026-12-02T00:00Z')).toEqual([first]);
    expect(await take(john, '2026-12-01T06:00Z', '2026-12-02T00:00Z')).toEqual([first]);
    expect(await readOverrides(store)).toHaveLength(1);
  });

  it('is cancelled before it begins as if it never was, and ends at once while it lasts', async () => {
    const { clock, store, take } = world();
    await take(john, '2026-12-01T00:00Z', '2026-12-02T00:00Z');
    await take(john, '2026-11-30T08:00Z', '2026-11-30T20:00Z', commander);
    await clock.advance(60 * 60_000);
    const ended = { by: jane, at: at('2026-11-30T09:00Z') };
    expect(await cancelOverride(store, id('OV-1'), jane)).toMatchObject([{ id: 'OV-1', cancelled: ended }]);
    expect(await cancelOverride(store, id('OV-2'), jane)).toMatchObject([{ id: 'OV-2', cancelled: ended }]);
    expect(await cancelOverride(store, id('OV-2'), alex), 'a second time').toMatchObject([{ cancelled: ended }]);
    const overrides = await readOverrides(store);
    expect(roster.callOrder(dba, at('2026-12-01T12:00Z'), overrides).people[0]).toBe(alex);
    expect(roster.callOrder(commander, at('2026-11-30T08:59Z'), overrides).override?.id).toBe('OV-2');
    expect(roster.callOrder(commander, at('2026-11-30T09:00Z'), overrides).override).toBeUndefined();
    await take(david, '2026-12-01T00:00Z', '2026-12-02T00:00Z');
  });

  it('that is over or never was can not be cancelled', async () => {
    const { clock, store, take } = world();
    await take(john, '2026-11-30T09:00Z', '2026-11-30T10:00Z');
    await clock.advance(2 * 60 * 60_000);
    await expect(cancelOverride(store, id('OV-1'), alex)).rejects.toMatchObject({ code: 'WRONG_STATE', kind: 'user' });
    await expect(cancelOverride(store, id('OV-9'), alex)).rejects.toMatchObject({ code: 'NOT_FOUND', kind: 'user' });
  });

  it('that ended long ago leaves the book that pages read, and can still be found', async () => {
    const { clock, store, take } = world();
    await take(john, '2026-12-01T00:00Z', '2026-12-02T00:00Z');
    await clock.advance(80 * DAY_MS);
    await take(david, '2027-03-01T00:00Z', '2027-03-02T00:00Z');
    expect((await readOverrides(store)).map((each) => each.id)).toEqual(['OV-1', 'OV-2']);
    await clock.advance(20 * DAY_MS);
    await take(david, '2027-03-12T00:00Z', '2027-03-13T00:00Z');
    expect((await readOverrides(store)).map((each) => each.id)).toEqual(['OV-2', 'OV-3']);
    expect(await findOverride(store, id('OV-1'))).toMatchObject({ person: john });
    await expect(cancelOverride(store, id('OV-1'), alex)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('is refused where a role has so many to come that it wants a rotation', async () => {
    const { clock, take } = world();
    const hour = (index: number): string => new Date(NOW.getTime() + index * 60 * 60_000).toISOString();
    for (let index = 0; index < 200; index += 1) await take(index % 2 ? john : david, hour(index), hour(index + 1));
    await expect(take(john, hour(300), hour(301))).rejects.toMatchObject({ hint: 'Put a rotation into plan.yaml.' });
    await clock.advance(3 * 60 * 60_000);
    await take(john, hour(300), hour(301));
  });
});

describe('a swap', () => {
  const halves = [
    { person: david, from: at('2026-12-01T09:00Z'), until: at('2026-12-08T09:00Z') },
    { person: alex, from: at('2026-12-08T09:00Z'), until: at('2026-12-15T09:00Z') },
  ] as const;

  it('is both halves or none, set and cancelled', async () => {
    const { store, set, take } = world();
    await take(john, '2026-12-14T00:00Z', '2026-12-16T00:00Z');
    await expect(set(halves)).rejects.toMatchObject({ data: { override: 'OV-1' } });
    expect(await readOverrides(store)).toHaveLength(1);
    await cancelOverride(store, id('OV-1'), alex);
    const [first, second] = await set(halves);
    expect([first?.swapWith, second?.swapWith]).toEqual([second?.id, first?.id]);
    expect(await set(halves)).toEqual([first, second]);
    const ended = await cancelOverride(store, id(first?.id ?? ''), john);
    expect(ended.map((each) => [each.id, each.cancelled?.by])).toEqual([
      [first?.id, john],
      [second?.id, john],
    ]);
  });

  it('whose first half is over loses only the other', async () => {
    const { clock, store, set } = world();
    const [first, second] = await set(halves);
    await clock.advance(9 * DAY_MS);
    expect((await cancelOverride(store, id(second?.id ?? ''), john)).map((each) => each.id)).toEqual([second?.id]);
    expect((await readOverrides(store)).find((each) => each.id === first?.id)?.cancelled).toBeUndefined();
  });
});

describe('on a real control store', () => {
  let uri: string;
  const opened: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    uri = await sharedMongoUri();
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
  });

  const openThree = () => {
    const database = ownName('oncall');
    return [1, 2, 3].map(() => {
      const connection = openControlStore({ uri, database });
      opened.push(connection);
      return connection.store;
    });
  };
  const times = { from: at('2026-12-01T00:00Z'), until: at('2026-12-02T00:00Z') };
  const taken = { role: dba, reason: undefined, by: alex };

  it('of two that are set at once for the same time one wins, and the other is told which', async () => {
    const stores = openThree();
    const tried = await Promise.allSettled(
      stores.map((store, index) =>
        setOverrides(store, roster, { ...taken, wanted: [{ person: [john, david, jane][index] ?? john, ...times }] }),
      ),
    );
    const won = tried.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    const lost = tried.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(won).toHaveLength(1);
    expect(lost.map((error) => error instanceof DrError && error.data['override'])).toEqual([won[0]?.id, won[0]?.id]);
    expect(stores[0] && (await readOverrides(stores[0]))).toEqual(won);
  });

  it('one that three processes set at once for the same person is one, and all of them have it', async () => {
    const stores = openThree();
    const set = await Promise.all(
      stores.map((store) => setOverrides(store, roster, { ...taken, wanted: [{ person: john, ...times }] })),
    );
    expect(new Set(set.flat().map((each) => each.id)).size).toBe(1);
    expect(stores[0] && (await readOverrides(stores[0]))).toHaveLength(1);
  });
});

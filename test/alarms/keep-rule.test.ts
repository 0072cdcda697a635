import { afterEach, describe, expect, it } from 'vitest';
import { createSettableClock, memoryChat, memoryControlStore, memoryLeases } from '#adapters/memory';
import { type BadSighting, keepRule, openAlarms, type Rule, readAlarm, type Sighting, tellAlarms } from '#alarms';
import { AlarmId, DrError, systemRandom } from '#core';
import { alarmCard } from '#flows';
import { createPoster, createTimeline, type Poster } from '#record';

/** Nobody else tells of them. */
const posted = (): boolean => true;

const START = new Date('2026-11-23T08:00:00Z');
const SECOND = 1_000;

const bad = (change: Partial<BadSighting> = {}): BadSighting => ({
  key: 'thing',
  state: 'bad',
  title: 'The thing stands',
  cause: ['It has stood for 5 s.'],
  effect: ['Nothing is lost yet.'],
  next: '/dr status',
  numbers: { standsMs: 5_000 },
  mark: 'stands',
  ...change,
});
const good: Sighting = { key: 'thing', state: 'good' };

function world() {
  const clock = createSettableClock(START);
  const store = memoryControlStore(clock);
  const timeline = createTimeline({ store, clock, random: systemRandom });
  const rule = (look: () => readonly Sighting[], more: Partial<Rule> = {}): Rule => ({
    name: 'thing',
    about: 'whether the thing moves',
    everyMs: SECOND,
    raiseAfterMs: 10 * SECOND,
    overAfterMs: 20 * SECOND,
    look: async () => look(),
    ...more,
  });
  const seeing = (sighting: Sighting, more?: Partial<Rule>) =>
    keepRule(
      store,
      rule(() => [sighting], more),
    );
  const raise = async (change?: Partial<BadSighting>) => {
    await seeing(bad(change));
    await clock.advance(10 * SECOND);
    await seeing(bad(change));
  };
  const entries = () => timeline.read({ limit: 100 });
  return { clock, store, timeline, rule, seeing, raise, entries };
}

const A1 = AlarmId.parse('A-1');

describe('an alarm', () => {
  it('is raised only when something has been wrong for as long as its rule says', async () => {
    const { clock, store, seeing } = world();
    await seeing(bad());
    await clock.advance(9 * SECOND);
    await seeing(bad());
    expect(await openAlarms(store)).toEqual([]);
    await clock.advance(SECOND);
    await seeing(bad());
    expect(await openAlarms(store)).toMatchObject([{ id: 'A-1', key: 'thing', since: START, state: 'open' }]);
  });

  it('is not raised by what comes and goes', async () => {
    const { clock, store, seeing } = world();
    for (let round = 0; round < 10; round += 1) {
      await seeing(bad());
      await clock.advance(6 * SECOND);
      await seeing(good);
      await clock.advance(6 * SECOND);
    }
    expect(await openAlarms(store)).toEqual([]);
  });

  it('is one alarm while it comes and goes, and over when it has stayed away', async () => {
    const { clock, store, seeing, raise } = world();
    await raise();
    for (let round = 0; round < 5; round += 1) {
      await seeing(good);
      await clock.advance(15 * SECOND);
      await seeing(bad());
    }
    expect(await openAlarms(store)).toHaveLength(1);
    await seeing(good);
    const wellSince = clock.now();
    await clock.advance(20 * SECOND);
    await seeing(good);
    expect(await openAlarms(store)).toEqual([]);
    expect(await readAlarm(store, A1)).toMatchObject({ state: 'over', overAt: wellSince });
    await raise();
    expect(await openAlarms(store)).toMatchObject([{ id: 'A-2' }]);
  });

  it('stays as it is while its thing can not be seen, and is over when there is no such thing any more', async () => {
    const { clock, store, seeing, raise, rule } = world();
    await raise();
    await clock.advance(60 * SECOND);
    await seeing({ key: 'thing', state: 'unknown' });
    expect(await openAlarms(store)).toHaveLength(1);
    await keepRule(
      store,
      rule(() => []),
    );
    await clock.advance(20 * SECOND);
    await keepRule(
      store,
      rule(() => []),
    );
    expect(await openAlarms(store)).toEqual([]);
  });

  it('is raised once by five processes that look at once, and told once', async () => {
    const { clock, store, timeline, seeing, entries } = world();
    const all = (sighting: Sighting) => Promise.all(Array.from({ length: 5 }, () => seeing(sighting)));
    const tell = () => Promise.all(Array.from({ length: 5 }, () => tellAlarms(store, timeline, posted)));
    await all(bad());
    await clock.advance(10 * SECOND);
    await all(bad());
    await tell();
    expect(await openAlarms(store)).toHaveLength(1);
    await all(good);
    await clock.advance(20 * SECOND);
    await all(good);
    await tell();
    expect((await entries()).map(({ id }) => id.replace(/^A-\d+/, 'A'))).toEqual(['A/raised', 'A/over']);
  });

  it('is told again when its cause is another, not when only its numbers grow', async () => {
    const { clock, store, timeline, seeing, raise, entries } = world();
    await raise();
    await tellAlarms(store, timeline, posted);
    await clock.advance(30 * SECOND);
    await seeing(bad({ cause: ['It has stood for 40 s.'] }));
    expect((await readAlarm(store, A1))?.cause).toEqual(['It has stood for 5 s.']);
    await clock.advance(30 * SECOND);
    await seeing(bad({ cause: ['It has stood for 70 s.'] }));
    expect((await readAlarm(store, A1))?.cause).toEqual(['It has stood for 70 s.']);
    await tellAlarms(store, timeline, posted);
    expect(await entries()).toHaveLength(1);
    await seeing(bad({ cause: ['The bucket refuses.'], mark: 'AccessDenied' }));
    await tellAlarms(store, timeline, posted);
    expect((await entries()).at(-1)?.text.join('')).toBe('Now: The bucket refuses.');
  });

  it('is raised when a rule can not look for minutes, and over when it can', async () => {
    const { clock, store, seeing, rule } = world();
    const blind = (): never => {
      throw new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'S3 in us-east-1 does not answer.');
    };
    for (let minute = 0; minute <= 5; minute += 1) {
      await expect(keepRule(store, rule(blind))).rejects.toThrow('S3 in us-east-1');
      await clock.advance(60 * SECOND);
    }
    expect(await openAlarms(store)).toMatchObject([
      { key: 'blind/thing', title: 'Not seen: whether the thing moves', cause: ['S3 in us-east-1 does not answer.'] },
    ]);
    await seeing(good);
    expect(await openAlarms(store)).toEqual([]);
  });

  it('is made good after a crash between any two writes, raised or ended once', async () => {
    // every write of the store fails once, in turn, after it was done: whoever looked is dead, and another looks
    for (let dies = 1; dies <= 8; dies += 1) {
      const { clock, store, timeline, rule, entries } = world();
      let writes = 0;
      const dying: typeof store = {
        ...store,
        records: (name, schema, options) => {
          const real = store.records(name, schema, options);
          const counted = async <T>(work: Promise<T>): Promise<T> => {
            const result = await work;
            writes += 1;
            if (writes === dies) throw new DrError('STORE_UNAVAILABLE', 'transient', 'dead');
            return result;
          };
          return {
            ...real,
            insert: (value) => counted(real.insert(value)),
            replace: (seen, next) => counted(real.replace(seen, next)),
            remove: (seen) => counted(real.remove(seen)),
          };
        },
      };
      const look = async (sighting: Sighting) => {
        await keepRule(
          dying,
          rule(() => [sighting], { overAfterMs: 0 }),
        ).catch(() => undefined);
        await tellAlarms(dying, timeline, posted).catch(() => undefined);
        await clock.advance(10 * SECOND);
      };
      for (let round = 0; round < 4; round += 1) await look(bad());
      expect(await openAlarms(store), `dies at ${dies}`).toHaveLength(1);
      for (let round = 0; round < 3; round += 1) await look(good);
      expect(await openAlarms(store), `dies at ${dies}`).toEqual([]);
      const told = (await entries()).map(({ id }) => id);
      expect(
        told.filter((id) => id.endsWith('/raised')),
        `dies at ${dies}`,
      ).toHaveLength(1);
      expect(
        told.filter((id) => id.endsWith('/over')),
        `dies at ${dies}`,
      ).toHaveLength(1);
    }
  });

  it('is another alarm when what was over is wrong again before whoever ended it had forgotten it', async () => {
    const { clock, store, raise, rule, seeing } = world();
    await raise();
    const dying: typeof store = {
      ...store,
      records: (name, schema, options) => ({
        ...store.records(name, schema, options),
        remove: () => Promise.reject(new DrError('STORE_UNAVAILABLE', 'transient', 'dead')),
      }),
    };
    await expect(
      keepRule(
        dying,
        rule(() => [good], { overAfterMs: 0 }),
      ),
    ).rejects.toThrow('dead');
    expect(await openAlarms(store)).toEqual([]);
    for (let round = 0; round < 3; round += 1) {
      await seeing(bad());
      await clock.advance(10 * SECOND);
    }
    expect(await openAlarms(store)).toMatchObject([{ id: 'A-2' }]);
  });
});

describe('in the channel', () => {
  const posters: Poster[] = [];
  afterEach(async () => {
    await Promise.all(posters.splice(0).map((poster) => poster.stop()));
  });

  it('an alarm is one message, posted once, edited as it changes, with its end in it and in its thread', async () => {
    const { clock, store, timeline, seeing, raise } = world();
    const chat = memoryChat();
    const leases = memoryLeases(clock);
    for (const holder of ['bot-east', 'bot-west']) {
      const poster = createPoster({
        store,
        leases,
        timeline,
        chat,
        clock,
        holder,
        channelOf: () => 'C1',
        renderCard: async (thread) => {
          const alarm = await readAlarm(store, AlarmId.parse(thread));
          return alarm && alarmCard(alarm);
        },
        nameOf: String,
        onTrouble: () => undefined,
      });
      posters.push(poster);
      poster.start();
    }
    await raise();
    await tellAlarms(store, timeline, posted);
    await clock.advance(5 * SECOND);
    const roots = () => chat.messages.filter(({ threadTs }) => threadTs === undefined).map(({ card }) => card.push);
    expect(roots()).toEqual(['ALARM - The thing stands (A-1)']);
    await seeing(good);
    await clock.advance(20 * SECOND);
    await seeing(good);
    await tellAlarms(store, timeline, posted);
    await clock.advance(5 * SECOND);
    expect(roots()).toEqual(['OVER - The thing stands (A-1)']);
    const lines = chat.messages.filter(({ threadTs }) => threadTs !== undefined).map(({ card }) => card.push);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/OVER\. It lasted \d+ s\.$/);
  });
});

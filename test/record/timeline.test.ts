import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { IncidentId, PersonId, RequestId, say, systemClock, systemRandom } from '#core';
import type { ControlStore } from '#ports';
import { anchorHead, createTimeline, type NewEntry, recordHumanMessage, verifyTimeline } from '#record';

const request = RequestId.parse('R-42');
const start = new Date('2026-11-23T08:12:05Z');

const entry = (id: string, more: Partial<NewEntry> = {}): NewEntry => ({
  id,
  request,
  kind: 'note',
  actor: 'holdfast',
  text: say`Fact ${id}.`,
  inThread: true,
  ...more,
});

function open() {
  const clock = createSettableClock(start);
  const store = memoryControlStore(clock);
  return { clock, store, timeline: createTimeline({ store, clock: systemClock, random: systemRandom }) };
}

/** Changes the stored record behind Holdfast's back, as somebody with the database's password could. */
async function tamper(
  store: ControlStore,
  sequence: number,
  change: (entry: Record<string, unknown>) => object | undefined,
) {
  const raw = store.records('timeline', z.looseObject({ id: z.string() }));
  const [seen] = await raw.find({ where: { sequence } as object, limit: 1 });
  if (!seen) throw new Error(`no entry ${sequence}`);
  const next = change(seen.value);
  if (next === undefined) await raw.remove(seen);
  else await raw.replace(seen, { ...seen.value, ...next });
}

describe('the timeline', () => {
  it('numbers entries without a gap and binds each to the one before', async () => {
    const { timeline } = open();
    for (const id of ['a', 'b', 'c']) await timeline.append(entry(id));
    const entries = await timeline.read({ limit: 10 });
    expect(entries.map((each) => each.sequence)).toEqual([1, 2, 3]);
    expect(entries[2]?.previousHash).toBe(entries[1]?.hash);
    expect(entries[0]).toMatchObject({ at: start, thread: 'R-42' });
  });

  it('records a fact once, however often it is told', async () => {
    const { timeline } = open();
    const first = await timeline.append(entry('a'));
    await timeline.append(entry('b'));
    const again = await timeline.append(entry('a', { text: say`Other words.` }));
    expect(again).toEqual(first);
    expect((await timeline.head())?.sequence).toBe(2);
  });

  it('keeps the chain when ten writers append at once', async () => {
    const { store } = open();
    const writers = Array.from({ length: 10 }, () =>
      createTimeline({ store, clock: systemClock, random: systemRandom }),
    );
    const all = writers.flatMap((writer, w) =>
      Array.from({ length: 10 }, (_, e) => writer.append(entry(`w${w}-${e}`))),
    );
    await Promise.all(all);
    expect(await verifyTimeline(store)).toMatchObject({ whole: true, entries: 100 });
  });

  it('reads one thread, after a sequence, and only its lines', async () => {
    const { timeline } = open();
    const incident = IncidentId.parse('INC-17');
    await timeline.append(entry('a'));
    await timeline.append({ id: 'i', kind: 'incident', actor: 'holdfast', text: say`Down.`, inThread: true, incident });
    await timeline.append(entry('b', { inThread: false, incident }));
    await timeline.append(entry('c'));
    const ids = async (query: Omit<Parameters<typeof timeline.read>[0], 'limit'>) =>
      (await timeline.read({ ...query, limit: 10 })).map((each) => each.id);
    expect(await ids({ thread: request })).toEqual(['a', 'b', 'c']);
    expect(await ids({ thread: request, inThread: true })).toEqual(['a', 'c']);
    expect(await ids({ thread: request, after: 1 })).toEqual(['b', 'c']);
    expect(await ids({ thread: incident })).toEqual(['i']);
  });

  it('tells its listeners, also about a fact known already, until they stop listening', async () => {
    const { timeline } = open();
    let told = 0;
    const stop = timeline.onAppend(() => {
      told += 1;
    });
    await timeline.append(entry('a'));
    stop();
    await timeline.append(entry('b'));
    expect(told).toBe(1);
  });

  it('takes words that UTF-8 cannot carry', async () => {
    const { timeline, store } = open();
    await timeline.append(entry('a', { data: { words: 'broken \ud83d emoji' } }));
    expect((await timeline.head())?.data['words']).toBe('broken \ufffd emoji');
    expect(await verifyTimeline(store)).toMatchObject({ whole: true });
  });

  it('records people, their edits and deletions as entries that stay', async () => {
    const { timeline } = open();
    const message = { thread: request, author: PersonId.parse('alex-chen'), channel: 'C1', ts: '1.5' };
    const words = `first ${'x'.repeat(100)}`;
    await recordHumanMessage(timeline, { ...message, change: { kind: 'written', words } });
    await recordHumanMessage(timeline, { ...message, change: { kind: 'edited', words: 'second', editTs: '2.5' } });
    await recordHumanMessage(timeline, { ...message, change: { kind: 'edited', words: 'second', editTs: '2.5' } });
    await recordHumanMessage(timeline, { ...message, author: { outsider: 'U9' }, change: { kind: 'deleted' } });
    const entries = await timeline.read({ limit: 10 });
    expect(entries.map((each) => each.kind)).toEqual(['human', 'human-edited', 'human-deleted']);
    expect(entries[0]?.data['words']).toBe(words);
    expect(entries[2]?.text[0]).toEqual({ quote: 'U9' });
    expect(entries.every((each) => !each.inThread)).toBe(true);
  });
});

describe('verifying the timeline', () => {
  async function recorded(count: number) {
    const opened = open();
    for (let index = 1; index <= count; index += 1) await opened.timeline.append(entry(`e${index}`));
    return opened;
  }

  it('finds a whole record whole, and an empty one too', async () => {
    const { store, timeline } = await recorded(3);
    expect(await verifyTimeline(store)).toEqual({
      whole: true,
      entries: 3,
      head: (await timeline.head())?.hash,
      anchorsChecked: 0,
    });
    expect(await verifyTimeline(open().store)).toMatchObject({ whole: true, entries: 0 });
  });

  it('finds a record whole that grows with every look at it', async () => {
    const { store, timeline } = open();
    await timeline.append(entry('first'));
    let looks = 0;
    const growing: ControlStore = {
      ...store,
      records: (name, schema) => {
        const records = store.records(name, schema);
        const find: typeof records.find = async (query) => {
          const found = await records.find(query);
          looks += 1;
          await timeline.append(entry(`during look ${looks}`));
          return found;
        };
        return { ...records, find };
      },
    };
    expect(await verifyTimeline(growing)).toMatchObject({ whole: true });
    expect(looks).toBeGreaterThan(2);
  });

  it('finds a changed word', async () => {
    const { store } = await recorded(5);
    await tamper(store, 3, () => ({ text: ['Nothing happened.'] }));
    expect(await verifyTimeline(store)).toMatchObject({ whole: false, sequence: 3, reason: /changed/ });
  });

  it('finds an added field', async () => {
    const { store } = await recorded(3);
    await tamper(store, 2, () => ({ approvedBy: 'nobody' }));
    expect(await verifyTimeline(store)).toMatchObject({ whole: false, sequence: 2 });
  });

  it('finds a removed entry', async () => {
    const { store } = await recorded(5);
    await tamper(store, 2, () => undefined);
    expect(await verifyTimeline(store)).toMatchObject({ whole: false, sequence: 2, reason: /missing/ });
  });

  it('finds a reordered pair', async () => {
    const { store } = await recorded(4);
    await tamper(store, 2, () => ({ sequence: 99 }));
    await tamper(store, 3, () => ({ sequence: 2 }));
    await tamper(store, 99, () => ({ sequence: 3 }));
    expect(await verifyTimeline(store)).toMatchObject({ whole: false, sequence: 2 });
  });

  it('finds an entry that was moved out of the order', async () => {
    const { store } = await recorded(3);
    await tamper(store, 3, () => ({ sequence: 'last' }));
    expect(await verifyTimeline(store)).toMatchObject({ whole: false, sequence: 3 });
  });

  it('finds a cut-off end only with an anchor, and then says so', async () => {
    const { store, timeline } = await recorded(5);
    const anchors: Parameters<typeof verifyTimeline>[1] = [];
    const anchor = await anchorHead(timeline, async (head) => void [...anchors, head]);
    if (!anchor) throw new Error('no head');
    expect(await verifyTimeline(store, [anchor])).toMatchObject({ whole: true, anchorsChecked: 1 });
    await tamper(store, 5, () => undefined);
    expect(await verifyTimeline(store)).toMatchObject({ whole: true, entries: 4 });
    expect(await verifyTimeline(store, [anchor])).toMatchObject({ whole: false, sequence: 5, reason: /cut off/ });
  });

  it('finds a record that was written anew from the start, by its anchor', async () => {
    const { timeline } = await recorded(5);
    const anchor = await anchorHead(timeline, async () => undefined);
    if (!anchor) throw new Error('no head');
    const forged = open();
    for (let index = 1; index <= 6; index += 1) await forged.timeline.append(entry(`forged${index}`));
    expect(await verifyTimeline(forged.store)).toMatchObject({ whole: true });
    expect(await verifyTimeline(forged.store, [anchor])).toMatchObject({
      whole: false,
      sequence: 5,
      reason: /anchored/,
    });
  });
});

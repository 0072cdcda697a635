import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ControlStore, changeRecord } from '#ports';

const Plate = z.object({
  id: z.string(),
  label: z.string(),
  owner: z.string(),
  weight: z.number(),
  at: z.date(),
  note: z.string().optional(),
  nested: z.record(z.string(), z.unknown()).default({}),
});
type Plate = z.output<typeof Plate>;

const plate = (id: string, more: Partial<Plate> = {}): Plate => ({
  id,
  label: `label-${id}`,
  owner: 'john-smith',
  weight: 1,
  at: new Date('2026-11-23T08:00:00Z'),
  nested: {},
  ...more,
});

/** What every control store must do. `open` gives a fresh, empty one. */
export function recordsContract(open: () => Promise<{ store: ControlStore; close(): Promise<void> }>): void {
  describe('records', () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    const openPlates = (name: string) =>
      opened.store.records(name, Plate, { unique: ['label'], indexed: ['owner', 'weight'] });

    it('gives back what was put in, dates and odd field names included', async () => {
      const plates = openPlates('kept');
      const value = plate('a', {
        nested: { 'a.b': 1, $set: { $inc: 2 }, deep: { at: new Date(5), list: [1, 'x', null] } },
      });
      await plates.insert(value);
      expect(await plates.get('a')).toEqual({ value, revision: 1 });
      expect(await plates.get('nobody')).toBeUndefined();
    });

    it('keeps a replaced value with odd field names as it is', async () => {
      const plates = openPlates('replaced');
      await plates.insert(plate('a'));
      const seen = await plates.get('a');
      if (!seen) throw new Error('not there');
      const next = plate('a', { nested: { $where: 'x', 'dotted.name': { $ref: 1 } }, label: '$owner' });
      expect(await plates.replace(seen, next)).toBe(true);
      expect(await plates.get('a')).toEqual({ value: next, revision: 2 });
    });

    it('leaves out members that are undefined', async () => {
      const plates = openPlates('undefined');
      await plates.insert({ ...plate('a'), nested: { gone: undefined, kept: 1 } });
      expect((await plates.get('a'))?.value).toEqual(plate('a', { nested: { kept: 1 } }));
    });

    it('refuses a second record with the same id, and names the field', async () => {
      const plates = openPlates('same-id');
      await plates.insert(plate('a'));
      const again = plates.insert(plate('a', { label: 'other' }));
      await expect(again).rejects.toMatchObject({ code: 'ALREADY_EXISTS', kind: 'permanent', data: { field: 'id' } });
      expect((await plates.get('a'))?.value.label).toBe('label-a');
    });

    it('refuses a second record with the same unique field, and names the field', async () => {
      const plates = openPlates('same-label');
      await plates.insert(plate('a'));
      await plates.insert(plate('b'));
      const taken = { code: 'ALREADY_EXISTS', data: { field: 'label' } };
      await expect(plates.insert(plate('c', { label: 'label-a' }))).rejects.toMatchObject(taken);
      const seen = await plates.get('b');
      if (!seen) throw new Error('not there');
      await expect(plates.replace(seen, plate('b', { label: 'label-a' }))).rejects.toMatchObject(taken);
      expect((await plates.get('b'))?.revision).toBe(1);
    });

    it('replaces and removes only what is still as it was seen', async () => {
      const plates = openPlates('compare-and-set');
      await plates.insert(plate('a'));
      const seen = await plates.get('a');
      if (!seen) throw new Error('not there');
      expect(await plates.replace(seen, plate('a', { weight: 2 }))).toBe(true);
      expect(await plates.replace(seen, plate('a', { weight: 3 }))).toBe(false);
      expect(await plates.remove(seen)).toBe(false);
      const fresh = await plates.get('a');
      expect(fresh?.value.weight).toBe(2);
      if (!fresh) throw new Error('not there');
      expect(await plates.remove(fresh)).toBe(true);
      expect(await plates.get('a')).toBeUndefined();
      expect(await plates.replace(fresh, plate('a'))).toBe(false);
    });

    it('lets exactly one of twenty deciders decide', async () => {
      const plates = openPlates('race');
      await plates.insert(plate('a'));
      const seen = await plates.get('a');
      if (!seen) throw new Error('not there');
      const tries = Array.from({ length: 20 }, (_, index) => plates.replace(seen, plate('a', { weight: index })));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      const inserts = await Promise.allSettled(Array.from({ length: 20 }, () => plates.insert(plate('b'))));
      expect(inserts.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    });

    it('loses no change when many change one record at once', async () => {
      const plates = openPlates('change');
      await plates.insert(plate('a', { weight: 0 }));
      const add = () => changeRecord(plates, 'a', (current) => ({ ...current, weight: current.weight + 1 }));
      await Promise.all(Array.from({ length: 12 }, add));
      expect((await plates.get('a'))?.value.weight).toBe(12);
    });

    it('finds by equality, choice and range, sorted, and never more than asked for', async () => {
      const plates = openPlates('find');
      const day = (date: number) => new Date(Date.UTC(2026, 10, date));
      for (let index = 1; index <= 6; index += 1) {
        const owner = index % 2 ? 'alex-chen' : 'david-kim';
        await plates.insert(
          plate(`p${index}`, { owner, weight: index, at: day(index), ...(index > 4 ? { note: 'x' } : {}) }),
        );
      }
      const ids = async (query: Parameters<typeof plates.find>[0]) =>
        (await plates.find(query)).map((each) => each.value.id);
      const byWeight = { by: 'weight', order: 'ascending' } as const;
      expect(await ids({ where: { owner: 'alex-chen' }, sort: byWeight, limit: 9 })).toEqual(['p1', 'p3', 'p5']);
      expect(await ids({ where: { weight: { above: 4 } }, sort: byWeight, limit: 9 })).toEqual(['p5', 'p6']);
      expect(await ids({ where: { weight: { atLeast: 4 } }, sort: byWeight, limit: 2 })).toEqual(['p4', 'p5']);
      expect(await ids({ where: { at: { below: day(3) } }, sort: byWeight, limit: 9 })).toEqual(['p1', 'p2']);
      expect(await ids({ where: { id: { in: ['p6', 'p2'] } }, sort: byWeight, limit: 9 })).toEqual(['p2', 'p6']);
      expect(await ids({ where: { note: 'x' }, sort: { by: 'at', order: 'descending' }, limit: 9 })).toEqual([
        'p6',
        'p5',
      ]);
      expect(await ids({ where: { note: { above: '' } }, sort: byWeight, limit: 9 })).toEqual(['p5', 'p6']);
      expect(await ids({ sort: { by: 'owner', order: 'ascending' }, limit: 9 })).toEqual([
        'p1',
        'p3',
        'p5',
        'p2',
        'p4',
        'p6',
      ]);
    });

    it('reports a record that somebody wrote by hand as a bug', async () => {
      const loose = opened.store.records('by-hand', z.object({ id: z.string(), weight: z.unknown() }));
      await loose.insert({ id: 'a', weight: 'heavy' });
      const strict = opened.store.records('by-hand', z.object({ id: z.string(), weight: z.number() }));
      await expect(strict.get('a')).rejects.toMatchObject({ kind: 'bug' });
      await expect(strict.insert({ id: 'b', weight: JSON.parse('"no"') })).rejects.toMatchObject({
        kind: 'bug',
      });
    });

    it('never gives a number twice', async () => {
      expect(await opened.store.nextNumber('first')).toBe(1);
      const numbers = await Promise.all(Array.from({ length: 20 }, () => opened.store.nextNumber('many')));
      expect(new Set(numbers).size).toBe(20);
      expect(Math.max(...numbers)).toBe(20);
    });

    it('has a clock that does not go back', async () => {
      const first = await opened.store.now();
      const second = await opened.store.now();
      expect(second.getTime()).toBeGreaterThanOrEqual(first.getTime());
    });
  });
}

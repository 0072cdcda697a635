import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sha256 } from '#core';
import type { WrittenRecords } from '#ports';

/** A database with one collection of records, and what somebody may do to it. */
export interface Written {
  readonly records: WrittenRecords;
  /** Writes a record; resolves with the hash its writer keeps. */
  write(id: string): Promise<Sha256>;
  change(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

const AN_HOUR_AGO = new Date(Date.now() - 3_600_000);

/** What every way to read written records back must do. */
export function writtenRecordsContract(kind: string, open: () => Promise<Written>): void {
  describe(`written records (${kind})`, () => {
    let opened: Written;
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(() => opened.close());

    it('gives the hash of what is there, and leaves out what is not', async () => {
      const hash = await opened.write('there');
      expect([...(await opened.records.hashes(['there', 'nowhere']))]).toEqual([['there', hash]]);
      expect([...(await opened.records.inserted(['there', 'nowhere'], AN_HOUR_AGO))]).toEqual([['there', hash]]);
    });

    it('has what was deleted or changed in its history, as it was written', async () => {
      const written = new Map([
        ['changed', await opened.write('changed')],
        ['deleted', await opened.write('deleted')],
      ]);
      await opened.change('changed');
      await opened.remove('deleted');
      const now = await opened.records.hashes(['changed', 'deleted']);
      expect(now.has('deleted')).toBe(false);
      expect(now.get('changed')).not.toBe(written.get('changed'));
      expect(new Map(await opened.records.inserted(['changed', 'deleted'], AN_HOUR_AGO))).toEqual(written);
    });

    it('answers an empty question with nothing', async () => {
      expect((await opened.records.hashes([])).size).toBe(0);
      expect((await opened.records.inserted([], AN_HOUR_AGO)).size).toBe(0);
    });
  });
}

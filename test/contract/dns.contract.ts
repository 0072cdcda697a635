import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Region } from '#core';
import type { Dns } from '#ports';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');

/** What every kind of weighted DNS must do. `open` gives records for both regions, 100 and 0. */
export function dnsContract(kind: string, open: () => Promise<{ dns: Dns; close(): Promise<void> }>): void {
  describe(`weighted DNS (${kind})`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(() => opened.close());

    it('gives the weights as they are, by region', async () => {
      expect(await opened.dns.weights()).toEqual([
        { region: EAST, weight: 100 },
        { region: WEST, weight: 0 },
      ]);
      expect(await opened.dns.ttlSeconds()).toBeGreaterThan(0);
    });

    it('writes all weights in one change, which comes into sync, and may be asked for twice', async () => {
      const wanted = [
        { region: WEST, weight: 100 },
        { region: EAST, weight: 0 },
      ];
      for (let time = 0; time < 2; time += 1) {
        const { change } = await opened.dns.setWeights(wanted);
        expect(await opened.dns.isInSync(change)).toBe(true);
      }
      expect(await opened.dns.weights()).toEqual([
        { region: EAST, weight: 0 },
        { region: WEST, weight: 100 },
      ]);
    });

    it('refuses to make up a record, and then changes none', async () => {
      const before = await opened.dns.weights();
      const wanted = [
        { region: WEST, weight: 7 },
        { region: Region.parse('eu-west-1'), weight: 93 },
      ];
      await expect(opened.dns.setWeights(wanted)).rejects.toMatchObject({ code: 'DNS_REFUSED', kind: 'permanent' });
      expect(await opened.dns.weights()).toEqual(before);
    });
  });
}

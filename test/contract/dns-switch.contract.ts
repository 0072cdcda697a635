import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Region } from '#core';
import type { DnsSwitch } from '#ports';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');

/** What every switch must do. `open` gives one for both regions, thrown for neither and never used before. */
export function dnsSwitchContract(
  kind: string,
  open: () => Promise<{ dnsSwitch: DnsSwitch; close(): Promise<void> }>,
): void {
  describe(`the switch that turns drivers away (${kind})`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(() => opened.close());

    it('turns nobody away before it is thrown', async () => {
      expect(await opened.dnsSwitch.diverted()).toEqual([]);
    });

    it('is thrown and taken back, each as often as one likes', async () => {
      const { dnsSwitch } = opened;
      for (let time = 0; time < 2; time += 1) {
        await dnsSwitch.divert(EAST);
        expect(await dnsSwitch.diverted()).toEqual([EAST]);
      }
      for (let time = 0; time < 2; time += 1) {
        await dnsSwitch.undivert(EAST);
        expect(await dnsSwitch.diverted()).toEqual([]);
      }
    });

    it('is not thrown for two regions at once, and for the other one afterwards', async () => {
      const { dnsSwitch } = opened;
      await dnsSwitch.divert(EAST);
      await expect(dnsSwitch.divert(WEST)).rejects.toMatchObject({ code: 'DNS_REFUSED', kind: 'permanent' });
      expect(await dnsSwitch.diverted()).toEqual([EAST]);
      await dnsSwitch.undivert(EAST);
      await dnsSwitch.divert(WEST);
      expect(await dnsSwitch.diverted()).toEqual([WEST]);
    });

    it('is thrown for both only where a region serves that drivers can not be turned away from', async () => {
      const { dnsSwitch } = opened;
      await dnsSwitch.divert(WEST);
      await expect(dnsSwitch.divert(EAST, WEST)).rejects.toMatchObject({ code: 'DNS_REFUSED' });
      await dnsSwitch.divert(EAST, Region.parse('eu-west-1'));
      expect([...(await dnsSwitch.diverted())].sort()).toEqual([EAST, WEST]);
    });

    it('refuses a region that has none', async () => {
      const paris = Region.parse('eu-west-3');
      await expect(opened.dnsSwitch.divert(paris)).rejects.toMatchObject({ code: 'DNS_REFUSED', kind: 'permanent' });
    });
  });
}

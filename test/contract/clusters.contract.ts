import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Region } from '#core';
import type { Clusters } from '#ports';
import { until } from '#sandbox/servers';

const EAST = Region.parse('us-east-1');

/** What every kind of cluster must do. `open` gives one in us-east-1: 2 services wanted, room for 3, two settings. */
export function clustersContract(
  kind: string,
  open: () => Promise<{ clusters: Clusters; close(): Promise<void> }>,
): void {
  describe(`clusters (${kind})`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(() => opened.close());

    const ready = (count: number) =>
      until(`${count} are ready`, async () => (await opened.clusters.replicas(EAST)).ready === count);

    it('rehearses scaling without doing it, and refuses a rehearsal for which there is no room', async () => {
      const { clusters } = opened;
      await ready(2);
      await clusters.rehearseScale(EAST, 3);
      await expect(clusters.rehearseScale(EAST, 4)).rejects.toMatchObject({
        code: 'CLUSTER_REFUSED',
        kind: 'permanent',
      });
      expect(await clusters.replicas(EAST)).toEqual({ wanted: 2, ready: 2 });
    });

    it('scales up and down, and may be asked for the same twice', async () => {
      const { clusters } = opened;
      for (const count of [3, 3, 1, 1, 2]) {
        await clusters.scale(EAST, count);
        await ready(count);
      }
      expect(await clusters.replicas(EAST)).toEqual({ wanted: 2, ready: 2 });
    });

    it('changes only the settings it was given, and may be asked for the same twice', async () => {
      const { clusters } = opened;
      for (let time = 0; time < 2; time += 1) await clusters.configure(EAST, { 'active-region': 'us-west-2' });
      expect(await clusters.configuration(EAST)).toEqual({ 'active-region': 'us-west-2', other: 'stays' });
    });

    it('refuses a region that has no cluster, for good', async () => {
      const nowhere = Region.parse('eu-west-1');
      const refusal = { code: 'CLUSTER_REFUSED', kind: 'permanent' };
      await expect(opened.clusters.replicas(nowhere)).rejects.toMatchObject(refusal);
      await expect(opened.clusters.scale(nowhere, 1)).rejects.toMatchObject(refusal);
      await expect(opened.clusters.configure(nowhere, {})).rejects.toMatchObject(refusal);
    });
  });
}

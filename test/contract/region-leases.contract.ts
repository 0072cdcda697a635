import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Region, RequestId } from '#core';
import type { RegionLeases } from '#ports';

interface Opened {
  /** The same store, with the TTL that a process has it with. */
  readonly leases: (ttlMs: number) => RegionLeases;
  close(): Promise<void>;
}

const run = (number: number): RequestId => RequestId.parse(`R-${number}`);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
let regions = 0;
/** A region that no other test has; also where several files are run in one process. */
const anyRegion = (): Region => {
  regions += 1;
  return Region.parse(`xx-${LETTERS[Math.floor(regions / 26) % 26]}${LETTERS[regions % 26]}-1`);
};

/** What every kind of region lease must do. */
export function regionLeasesContract(open: () => Promise<Opened>): void {
  describe('region leases', () => {
    let opened: Opened;
    let leases: RegionLeases;
    beforeAll(async () => {
      opened = await open();
      leases = opened.leases(6_000);
    });
    afterAll(() => opened.close());

    it('grants nothing in a region that was never opened', async () => {
      const region = anyRegion();
      expect(await leases.read(region)).toBeUndefined();
      expect(await leases.renew(region, 'pod-1')).toEqual({ granted: false });
      expect(await leases.read(region)).toBeUndefined();
    });

    it('is opened without a run only where nobody has opened or closed it yet', async () => {
      const [fresh, closed] = [anyRegion(), anyRegion()];
      expect(await leases.open(fresh, undefined)).toEqual({
        ...{ region: fresh, state: 'open', fence: 1, renewals: 0, ttlMs: 6_000, instances: [], run: undefined },
      });
      expect(await leases.open(fresh, undefined)).toMatchObject({ state: 'open', fence: 1 });
      await leases.close(closed, run(1));
      expect(await leases.open(closed, undefined)).toMatchObject({ state: 'closed', fence: 1 });
    });

    it('counts renewals and remembers who renewed, the newest first, also with odd names', async () => {
      const region = anyRegion();
      await leases.open(region, run(1));
      for (const name of ['pod-1', '$state', 'pod-1']) {
        expect(await leases.renew(region, name)).toEqual({ granted: true, ttlMs: 6_000, fence: 1 });
      }
      expect(await leases.read(region)).toMatchObject({ renewals: 3, instances: ['pod-1', '$state'] });
      for (let n = 0; n < 9; n += 1) await leases.renew(region, `many-${n}`);
      expect((await leases.read(region))?.instances).toHaveLength(8);
    });

    it('grants nothing any more once it is closed, and remembers who had renewed', async () => {
      const region = anyRegion();
      await leases.open(region, run(1));
      await leases.renew(region, 'pod-1');
      const closed = await leases.close(region, run(2));
      expect(closed).toMatchObject({ state: 'closed', fence: 2, renewals: 1, instances: ['pod-1'], run: 'R-2' });
      expect(await leases.renew(region, 'pod-1')).toEqual({ granted: false });
      expect(await leases.close(region, run(2))).toEqual(closed);
      expect(await leases.read(region)).toEqual(closed);
    });

    it('is closed on a condition only if nobody renewed in between', async () => {
      const region = anyRegion();
      await leases.open(region, run(1));
      await leases.renew(region, 'pod-1');
      expect(await leases.close(region, run(2), 0)).toBeUndefined();
      expect(await leases.read(region)).toMatchObject({ state: 'open', fence: 1, run: 'R-1' });
      expect(await leases.close(region, run(2), 1)).toMatchObject({ state: 'closed', fence: 2 });
      expect(await leases.close(region, run(2), 1)).toMatchObject({ state: 'closed', fence: 2 });
      expect(await leases.close(anyRegion(), run(2), 0)).toBeUndefined();
    });

    it('opens again with another fence, forgets who renewed before, and never counts renewals down', async () => {
      const region = anyRegion();
      await leases.open(region, run(1));
      await leases.renew(region, 'pod-1');
      await leases.close(region, run(2));
      const again = await leases.open(region, run(3));
      expect(again).toMatchObject({ state: 'open', fence: 3, renewals: 1, instances: [], run: 'R-3' });
      expect(await leases.open(region, run(3))).toEqual(again);
    });

    it('is put back as it was by the run that closed it', async () => {
      const region = anyRegion();
      await opened.leases(9_000).open(region, run(1));
      await leases.renew(region, 'pod-1');
      await leases.close(region, run(2));
      expect(await leases.open(region, run(2))).toMatchObject({ instances: ['pod-1'], ttlMs: 9_000 });
    });

    it('is never opened by an earlier run than the one that closed it, whatever else that run does', async () => {
      const region = anyRegion();
      await leases.open(region, run(1));
      await leases.close(region, run(12));
      await leases.close(region, run(9));
      expect(await leases.read(region)).toMatchObject({ run: 'R-12' });
      await expect(leases.open(region, run(9))).rejects.toMatchObject({ code: 'WRONG_STATE', kind: 'permanent' });
      expect(await leases.read(region)).toMatchObject({ state: 'closed', run: 'R-12', fence: 2 });
      expect(await leases.open(region, run(13))).toMatchObject({ state: 'open', run: 'R-13' });
      expect(await leases.open(region, run(9))).toMatchObject({ state: 'open', run: 'R-13' });
    });

    it('grants for no longer than whoever opened it said, and for no longer than the plan of whoever is asked', async () => {
      const region = anyRegion();
      await opened.leases(4_000).open(region, run(1));
      expect(await opened.leases(9_000).renew(region, 'pod-1')).toMatchObject({ ttlMs: 4_000 });
      expect(await opened.leases(2_000).renew(region, 'pod-1')).toMatchObject({ ttlMs: 2_000 });
      expect(await leases.read(region)).toMatchObject({ ttlMs: 4_000 });
      await leases.close(region, run(2));
      expect(await leases.open(region, run(3))).toMatchObject({ ttlMs: 6_000 });
    });

    it('grants no renewal that is asked for after a close has resolved, raced twenty ways', async () => {
      for (let round = 1; round <= 2; round += 1) {
        const region = anyRegion();
        await leases.open(region, run(1));
        let closed = false;
        const late: string[] = [];
        const renewing = Array.from({ length: 20 }, async (_, index) => {
          for (let n = 0; n < 2; n += 1) {
            const afterClose = closed;
            const renewal = await leases.renew(region, `pod-${index}`);
            if (afterClose && renewal.granted) late.push(`pod-${index}`);
          }
        });
        const closing = leases.close(region, run(2)).then((lease) => {
          closed = true;
          return lease;
        });
        const [lease] = await Promise.all([closing, ...renewing]);
        expect(late).toEqual([]);
        // every renewal that was granted was before the close, so the number has stood still since
        expect(await leases.read(region)).toEqual(lease);
      }
    });

    it('is closed on a condition by a race only with the renewals it was asked for', async () => {
      const region = anyRegion();
      await leases.open(region, run(1));
      const granted = Promise.all(Array.from({ length: 20 }, (_, index) => leases.renew(region, `pod-${index}`)));
      const [closed, renewals] = await Promise.all([leases.close(region, run(2), 7), granted]);
      const count = renewals.filter((each) => each.granted).length;
      expect(await leases.read(region)).toMatchObject({ renewals: count, state: closed ? 'closed' : 'open' });
      expect(closed ? count : 20).toBe(closed ? 7 : 20);
    });
  });
}

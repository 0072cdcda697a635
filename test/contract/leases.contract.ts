import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lease, Leases } from '#ports';

interface Opened {
  readonly leases: Leases;
  /** Lets so much of the store's time pass. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What every kind of lease must do. */
export function leasesContract(open: () => Promise<Opened>): void {
  describe('leases', () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    const take = async (name: string, holder: string, ttlMs: number): Promise<Lease> => {
      const lease = await opened.leases.acquire(name, holder, ttlMs);
      if (!lease) throw new Error(`${name} is held`);
      return lease;
    };

    it('gives a lease to one of twenty, with the first token', async () => {
      const tries = Array.from({ length: 20 }, (_, index) => opened.leases.acquire('race', `w${index}`, 60_000));
      const won = (await Promise.all(tries)).filter((each) => each !== undefined);
      expect(won).toHaveLength(1);
      expect(won[0]?.token).toBe(1);
      expect(await opened.leases.read('race')).toEqual(won[0]);
    });

    it('refuses a held lease, also to its own holder', async () => {
      await take('held', 'w1', 60_000);
      expect(await opened.leases.acquire('held', 'w2', 60_000)).toBeUndefined();
      expect(await opened.leases.acquire('held', 'w1', 60_000)).toBeUndefined();
    });

    it('takes holders with odd names as they are', async () => {
      expect(await take('odd', '$$NOW', 60_000)).toMatchObject({ holder: '$$NOW', token: 1 });
    });

    it('passes on an expired lease with the next token, and the old holder finds out', async () => {
      const old = await take('expired', 'w1', 40);
      await opened.pass(60);
      const next = await take('expired', 'w2', 60_000);
      expect(next).toMatchObject({ holder: 'w2', token: old.token + 1 });
      expect(await opened.leases.renew(old, 60_000)).toBeUndefined();
      await opened.leases.release(old);
      expect(await opened.leases.read('expired')).toEqual(next);
    });

    it('does not renew an expired lease, even if nobody took it: it may have been read as a fence', async () => {
      const lease = await take('fence', 'w1', 40);
      await opened.pass(60);
      expect(await opened.leases.renew(lease, 60_000)).toBeUndefined();
    });

    it('extends a held lease, keeps its token, and never shortens it', async () => {
      const lease = await take('renew', 'w1', 5000);
      const longer = await opened.leases.renew(lease, 60_000);
      expect(longer?.token).toBe(lease.token);
      expect(longer?.expiresAt.getTime()).toBeGreaterThan(lease.expiresAt.getTime());
      expect(await opened.leases.renew(lease, 10)).toEqual(longer);
    });

    it('is free after a release, with a growing token', async () => {
      const lease = await take('release', 'w1', 60_000);
      await opened.leases.release(lease);
      await opened.leases.release(lease);
      expect(await take('release', 'w2', 60_000)).toMatchObject({ token: 2 });
      await opened.leases.release(lease);
      expect(await opened.leases.acquire('release', 'w3', 1)).toBeUndefined();
    });

    it('knows nobody where nobody ever held it', async () => {
      expect(await opened.leases.read('never')).toBeUndefined();
    });
  });
}

import { type Clock, type Region, type Sha256, sha256 } from '#core';
import type { AcknowledgedWrite, Dns, Traffic, WrittenRecords } from '#ports';

export interface MemoryTraffic extends Traffic, WrittenRecords {
  /** One driver's write, acknowledged by the service of the region that DNS gives. Kept also in the database. */
  drive(): void;
  /** Takes a written record out of the database, or changes it, behind everybody's back. */
  damage(id: string, how: 'lose' | 'change'): void;
  /** Share of requests that fail in a region from now on. */
  failIn(region: Region, share: number): void;
  readonly writes: readonly AcknowledgedWrite[];
}

/** Drivers in this process: all follow the DNS weights at once, each write is in the database when acknowledged. */
export function memoryTraffic(dns: Pick<Dns, 'weights'>, clock: Clock): MemoryTraffic {
  const writes: AcknowledgedWrite[] = [];
  const database = new Map<string, Sha256>();
  const failing = new Map<Region, number>();
  const hashOf = (id: string): Sha256 => sha256(`content of ${id}`);
  return {
    writes,
    drive: () => {
      const id = `log-${writes.length + 1}`;
      writes.push({ id, hash: hashOf(id), at: clock.now() });
      database.set(id, hashOf(id));
    },
    damage: (id, how) => {
      if (how === 'lose') database.delete(id);
      else database.set(id, sha256('something else'));
    },
    failIn: (region, share) => {
      failing.set(region, share);
    },
    view: async () => {
      const byRegion = (await dns.weights()).map(({ region, weight }) => {
        const failed = Math.round(weight * (failing.get(region) ?? 0));
        return { region, acknowledged: weight - failed, failed };
      });
      return { windowMs: 1_000, byRegion };
    },
    acknowledged: async function* (since, until) {
      yield* writes.filter(({ at }) => at >= since && at < until);
    },
    probe: async (_region, count) => ({ written: count, readBack: count }),
    hashes: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const hash = database.get(id);
          return hash ? [[id, hash] as const] : [];
        }),
      ),
  };
}

import { type Clock, type Region, type Sha256, sha256 } from '#core';
import type { AcknowledgedWrite, Dns, Traffic, WrittenRecords } from '#ports';

export interface MemoryTraffic extends Traffic, WrittenRecords {
  /** One driver's write, acknowledged by the service of the region that DNS gives. Kept also in the database. */
  drive(id?: string): Sha256;
  /** Damages a written record as a bad move would: it never arrived, or something else did. */
  damage(id: string, how: 'lose' | 'change'): void;
  /** What anybody may do to a record: its insert stays in the history. */
  edit(id: string, how: 'change' | 'delete'): void;
  /** Share of requests that fail in a region from now on. */
  failIn(region: Region, share: number): void;
  /** How long 95 % of a region's requests take from now on. */
  slowIn(region: Region, p95Ms: number): void;
  readonly writes: readonly AcknowledgedWrite[];
}

/** Drivers in this process: all follow the DNS weights at once, each write is in the database when acknowledged. */
export function memoryTraffic(dns: Pick<Dns, 'weights'>, clock: Clock): MemoryTraffic {
  const writes: AcknowledgedWrite[] = [];
  const database = new Map<string, Sha256>();
  const history = new Map<string, Sha256>();
  const failing = new Map<Region, number>();
  const slow = new Map<Region, number>();
  const hashOf = (id: string): Sha256 => sha256(`content of ${id}`);
  const put = (id: string, how: 'change' | 'lose' | 'delete'): void => {
    if (how === 'change') database.set(id, sha256('something else'));
    else database.delete(id);
  };
  return {
    writes,
    drive: (id = `log-${writes.length + 1}`) => {
      const hash = hashOf(id);
      writes.push({ id, hash, at: clock.now() });
      database.set(id, hash);
      history.set(id, hash);
      return hash;
    },
    damage: (id, how) => {
      history.delete(id);
      put(id, how);
    },
    edit: put,
    failIn: (region, share) => {
      failing.set(region, share);
    },
    slowIn: (region, p95Ms) => {
      slow.set(region, p95Ms);
    },
    view: async () => {
      const byRegion = (await dns.weights()).map(({ region, weight }) => {
        const failed = Math.round(weight * (failing.get(region) ?? 0));
        return { region, acknowledged: weight - failed, failed, p95Ms: slow.get(region) };
      });
      return { windowMs: 1_000, byRegion };
    },
    acknowledged: async function* (since, until) {
      yield* writes.filter(({ at }) => at >= since && at < until);
    },
    probe: async (_region, count) => ({ written: count, readBack: count }),
    hashes: async (ids) => pick(database, ids),
    inserted: async (ids) => pick(history, ids),
  };
}

const pick = (from: ReadonlyMap<string, Sha256>, ids: readonly string[]): ReadonlyMap<string, Sha256> =>
  new Map(
    ids.flatMap((id) => {
      const hash = from.get(id);
      return hash ? [[id, hash] as const] : [];
    }),
  );

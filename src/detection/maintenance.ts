import { z } from 'zod';
import { DrError, MaintenanceId, PersonId, Region } from '#core';
import { CheckName } from '#plan';
import { type ControlStore, changeRecord, type Records } from '#ports';

/** Somebody works on something and expects it to fail: what is found about it calls nobody until then. */
export const Maintenance = z.object({
  id: MaintenanceId,
  /** A region, or a check in all regions. */
  of: z.union([Region, CheckName]),
  by: PersonId,
  why: z.string(),
  from: z.date(),
  until: z.date(),
  /** Ended before its time, and by whom. */
  ended: z.object({ at: z.date(), by: PersonId }).optional(),
});
export type Maintenance = z.output<typeof Maintenance>;

const maintenanceIn = (store: ControlStore): Records<Maintenance> =>
  store.records('maintenance', Maintenance, { indexed: ['until'] });

const MOST = 50;
/** The same words within this time are one payload handled twice. */
const SAME_WITHIN_MS = 60_000;

/** Windows that are open at this moment, the one that ends first at the front. Throws STORE_UNAVAILABLE (transient). */
export async function openMaintenance(store: ControlStore, now: Date): Promise<Maintenance[]> {
  const found = await maintenanceIn(store).find({
    where: { until: { above: now } },
    sort: { by: 'until', order: 'ascending' },
    limit: MOST,
  });
  return found.flatMap(({ value }) => (value.ended ? [] : [value]));
}

/** Opens a window. The same person's same words within a minute are the same window. */
export async function beginMaintenance(
  store: ControlStore,
  wish: Omit<Maintenance, 'id' | 'from' | 'until' | 'ended'> & { readonly lastsMs: number },
): Promise<Maintenance> {
  const now = await store.now();
  const { lastsMs, ...words } = wish;
  const same = (await openMaintenance(store, now)).find(
    ({ of, by, why, from }) =>
      of === words.of && by === words.by && why === words.why && now.getTime() - from.getTime() < SAME_WITHIN_MS,
  );
  if (same) return same;
  const id = MaintenanceId.parse(`M-${await store.nextNumber('maintenance')}`);
  const window = { ...words, id, from: now, until: new Date(now.getTime() + lastsMs) };
  await maintenanceIn(store).insert(window);
  return window;
}

/** Ends a window now. Idempotent. Throws NOT_FOUND (user). */
export async function endMaintenance(store: ControlStore, id: MaintenanceId, by: PersonId): Promise<Maintenance> {
  const now = await store.now();
  const ended = await changeRecord(maintenanceIn(store), id, (current) =>
    current.ended || current.until <= now ? undefined : { ...current, ended: { at: now, by } },
  );
  if (ended) return ended;
  throw new DrError('NOT_FOUND', 'user', `There is no ${id}.`, { hint: '/dr maintenance lists what is open.' });
}

/** The window that covers this, of several the one that lasts longest. */
export function covering(
  windows: readonly Maintenance[],
  about: { readonly check: string; readonly region?: Region | undefined },
): Maintenance | undefined {
  return windows.findLast(({ of }) => of === about.check || of === about.region);
}

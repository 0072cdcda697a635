import { z } from 'zod';
import { Region } from '#core';
import { type ControlStore, insertNew, type Records } from '#ports';
import { Stand } from './track.ts';

/** What the detector of one region saw last, and since when. */
export const Report = z.object({
  /** The region: one detector speaks for it. */
  id: Region,
  /** The process that wrote it. */
  detector: z.string(),
  /** When its last round ended, by the control store's clock. */
  at: z.date(),
  rounds: z.number().int(),
  /** How long the last round took. */
  roundMs: z.number(),
  stands: z.array(Stand),
});
export type Report = z.output<typeof Report>;

export const reportsIn = (store: ControlStore): Records<Report> => store.records('health-reports', Report);

/** More regions than any plan has. */
const MOST = 50;

/** The last report of every region that ever had a detector. Throws STORE_UNAVAILABLE (transient). */
export const readReports = async (store: ControlStore): Promise<Report[]> =>
  (await reportsIn(store).find({ limit: MOST })).map(({ value }) => value);

/** Replaces the region's report. Idempotent. Throws STORE_UNAVAILABLE (transient). */
export async function writeReport(store: ControlStore, report: Report): Promise<void> {
  const records = reportsIn(store);
  const seen = await records.get(report.id);
  // Whoever was faster speaks for the same region; the next round is written over it.
  if (seen) await records.replace(seen, report);
  else await insertNew(records, report);
}

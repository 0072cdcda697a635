import { z } from 'zod';
import { Region } from '#core';
import { type ControlStore, changeRecord, OplogTime, type Records } from '#ports';

/** A canary that a majority took, and when it was sent off, by the control store's clock. */
const Sent = z.object({ time: OplogTime, at: z.date() });

/** What is measured of capture from outside it: canaries on their way, and which buckets keep up. */
export const RpoRecord = z.object({
  id: z.literal('rpo'),
  /** Of the last canary; each one is another write. */
  number: z.number().int(),
  /** Written and not yet seen in enough buckets, the oldest first. */
  pending: z.array(Sent),
  /** The newest that was seen there, and when. */
  durable: Sent.extend({ seenAt: z.date() }).optional(),
  /** Since when no canary can be written, and why. */
  failure: z.object({ since: z.date(), why: z.string() }).optional(),
  /** When each region's bucket was last seen to have what the others have. */
  regions: z.array(z.object({ region: Region, inStepAt: z.date(), why: z.string().optional() })),
  /** When the buckets were last looked into. */
  lookedAt: z.date().optional(),
  /** The newest segment of the look before, for which slower regions have had time. */
  lastKey: z.string().optional(),
});
export type RpoRecord = z.output<typeof RpoRecord>;

const rpoIn = (store: ControlStore): Records<RpoRecord> => store.records('capture-rpo', RpoRecord);

/** What was measured last; undefined before the first canary. Throws STORE_UNAVAILABLE (transient). */
export const readRpo = async (store: ControlStore): Promise<RpoRecord | undefined> =>
  (await rpoIn(store).get('rpo'))?.value;

/** Changes the record, made on first use. `change` may be called several times. */
export async function changeRpo(
  store: ControlStore,
  change: (current: RpoRecord) => RpoRecord | undefined,
): Promise<RpoRecord | undefined> {
  const records = rpoIn(store);
  if (!(await records.get('rpo'))) {
    const empty: RpoRecord = { id: 'rpo', number: 0, pending: [], regions: [] };
    // somebody else may have been faster
    await records.insert(empty).catch(() => undefined);
  }
  return changeRecord(records, 'rpo', change);
}

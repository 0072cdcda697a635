import { z } from 'zod';
import { Sha256 } from '#core';
import { type ControlStore, insertNew, OplogTime, type Records } from '#ports';
import { TimelineBeginning } from '#vault';

/** Up to where entries are durable: whoever captures next goes on from here. */
export const CapturePosition = z.object({
  timeline: z.number().int().positive(),
  through: OplogTime,
  /** Of the entry at `through`. */
  term: z.number().int(),
  /** SHA-256 of the last segment; null while the timeline has none. */
  previous: Sha256.nullable(),
  /** Why the timeline begins here; kept until its first segment says it. */
  begins: TimelineBeginning.optional(),
});
export type CapturePosition = z.output<typeof CapturePosition>;

/** What is known of capture, written about once a second by whoever captures. */
export const CaptureState = z.object({
  id: z.literal('capture'),
  /** Of the lease; a smaller one must not write over a larger. */
  token: z.number().int(),
  holder: z.string(),
  /** By the control store's clock. */
  at: z.date(),
  position: CapturePosition,
  /** How old the newest moment is of which every write is durable, when this was written, in ms. */
  behindMs: z.number(),
  /** Where the oplog begins: capture may be away for as long as it reaches back. */
  oplogFrom: OplogTime.optional(),
  /** The newest segment that is durable; absent until this holder of the lease has written one. */
  lastKey: z.string().optional(),
  /** Why nothing new is durable now. */
  trouble: z.string().optional(),
});
export type CaptureState = z.output<typeof CaptureState>;

const statesIn = (store: ControlStore): Records<CaptureState> => store.records('capture', CaptureState);

/** The state as it was last written; undefined when nobody ever captured. */
export const readCaptureState = async (store: ControlStore): Promise<CaptureState | undefined> =>
  (await statesIn(store).get('capture'))?.value;

/** Writes it unless a later holder of the lease has written; false then: whoever asked is no longer the one. */
export async function writeCaptureState(store: ControlStore, state: CaptureState): Promise<boolean> {
  const states = statesIn(store);
  for (;;) {
    const seen = await states.get('capture');
    if (!seen) {
      if (await insertNew(states, state)) return true;
      continue;
    }
    if (seen.value.token > state.token) return false;
    if (await states.replace(seen, state)) return true;
  }
}

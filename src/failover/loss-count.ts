import { z } from 'zod';

/** What is known to be lost. `complete` only when the old members have been read too: until then more may turn up. */
export const LossCount = z.object({
  /** Acknowledged writes of the time in question that were looked for. */
  acknowledged: z.number().int(),
  missing: z.number().int(),
  putBack: z.number().int(),
  /** From the oldest missing write to the newest, in ms; 0 when none is missing. */
  spanMs: z.number(),
  complete: z.boolean(),
});
export type LossCount = z.output<typeof LossCount>;

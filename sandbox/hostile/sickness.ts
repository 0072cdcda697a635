import { z } from 'zod';

const strikes = {
  /** How many calls it strikes. */
  count: z.number().int().positive().default(1),
  /** Which of the service's parts it strikes; all when left out. */
  part: z.string().optional(),
};

/** One order to be sick. Also what the control APIs of the doubles take. */
export const Sickness = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), status: z.number().int().min(400).max(599).default(503), ...strikes }),
  /** `retryAfterSeconds` left out: a refusal that names no time, as some are. */
  z.strictObject({
    kind: z.literal('rate_limit'),
    retryAfterSeconds: z.number().int().positive().optional(),
    ...strikes,
  }),
  /** The question is taken, and nothing ever comes. */
  z.strictObject({ kind: z.literal('silence'), ...strikes }),
  /** A correct head, then its body byte by byte. */
  z.strictObject({ kind: z.literal('slow_bytes'), everyMs: z.number().int().positive().default(200), ...strikes }),
  /** 200 with something that is no JSON. */
  z.strictObject({ kind: z.literal('garbage'), status: z.number().int().default(200), ...strikes }),
  /** Bytes that are not even HTTP. */
  z.strictObject({ kind: z.literal('not_http'), ...strikes }),
  /** 200 with a body without end in sight. */
  z.strictObject({ kind: z.literal('huge'), megabytes: z.number().int().positive().default(10), ...strikes }),
  /** The connection is torn down before anything was done. */
  z.strictObject({ kind: z.literal('hang_up'), ...strikes }),
  /** Done, and the answer is lost. */
  z.strictObject({ kind: z.literal('lost_answer'), ...strikes }),
  z.strictObject({ kind: z.literal('redirect'), to: z.string(), ...strikes }),
]);
export type Sickness = z.output<typeof Sickness>;
export type SicknessInput = z.input<typeof Sickness>;

import { z } from 'zod';
import { hashOf, type Sha256, Text } from '#core';

/** A headed paragraph of a card. */
export const Section = z.object({ heading: z.string().optional(), lines: z.array(Text) });
export type Section = z.output<typeof Section>;

/**
 * What a run would do. `facts` (compared exactly) and `limits` (upper bounds that people approve) are hashed: an
 * approval is bound to them. `live` figures are shown and never hashed; they void an approval only beyond a limit.
 */
export const Preview = z.object({
  /** `planned failover us-east-1 -> us-west-2`. */
  title: z.string(),
  /** What a lock screen is to say instead of the title, where that is too little: `us-east-1 is down. ...` */
  alert: z.string().optional(),
  job: z.string(),
  payload: z.unknown(),
  facts: z.record(z.string(), z.unknown()),
  limits: z.record(z.string(), z.number()),
  live: z.record(z.string(), z.unknown()),
  sections: z.array(Section),
  /** Everything else that was resolved, for `[Details]`. */
  details: z.array(Section),
  /** One short sentence for confirm dialogs: `Writes pause about 4 s, none lost.` */
  effect: z.string(),
  smallPrint: Text,
});
export type Preview = z.output<typeof Preview>;

/** The hash that approvals sign: what would be run, with which input, under which facts, up to which limits. */
export const previewHash = ({ job, payload, facts, limits }: Preview): Sha256 =>
  hashOf({ job, payload, facts, limits });

import { z } from 'zod';

/** Everything outside of every region: Slack, PagerDuty, drivers, name servers, and whoever looks at the company. */
export const OUTSIDE = 'outside';

/** A port of 127.0.0.1 that is listened on in one place and reached under the same number in all others. */
export const Port = z.strictObject({
  port: z.number().int(),
  /** Whose it is: lines to that region lead to it, wherever its process runs. */
  owner: z.string(),
  /** In which place the process that listens runs. */
  place: z.string(),
});
export type Port = z.output<typeof Port>;

/** What a place's door is told: all of it, each time. */
export const Wiring = z.strictObject({
  ports: z.array(Port),
  /** Directions in which no byte passes: `us-east-1>us-west-2`. */
  blocked: z.array(z.string()),
});
export type Wiring = z.output<typeof Wiring>;

export const direction = (from: string, to: string): string => `${from}>${to}`;

import { z } from 'zod';
import { Region } from '#core';
import { Minutes } from './units.ts';

const standby = { components: z.string(), failoverMinutes: Minutes };

/** What a region is for. Where it is served from now is not the plan's business: the world says that. */
export const RegionPlan = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('primary'), components: z.string() }),
  z.strictObject({ role: z.literal('hot-standby'), ...standby }),
  z.strictObject({
    role: z.literal('cold-standby'),
    ...standby,
    /** `host:port` of the machine, with an agent, on which its database is founded; without it none can be. */
    databaseHost: z
      .string()
      .regex(/^[\w.[\]:-]{1,255}:\d{1,5}$/, 'an address like eu-1.db:27017')
      .optional(),
  }),
]);
export type RegionPlan = z.output<typeof RegionPlan>;

export const Regions = z.record(Region, RegionPlan).superRefine((regions, context) => {
  const primaries = Object.values(regions).filter(({ role }) => role === 'primary').length;
  if (primaries === 1) return;
  context.addIssue({
    code: 'custom',
    message: `needs exactly one region with the role primary, but has ${primaries === 0 ? 'none' : primaries}.`,
  });
});
export type Regions = z.output<typeof Regions>;

import { z } from 'zod';

/** One member of a database replica set, as it answers itself. */
const DatabaseMember = z.strictObject({
  name: z.string(),
  /** `primary`, `secondary`, `down` and the like: shown as given. */
  state: z.string(),
});

/** One region, read from its own servers. */
export const WorldRegion = z.strictObject({
  name: z.string(),
  role: z.enum(['SERVING', 'READY', 'BACKUPS', 'DOWN']),
  db: z.strictObject({ members: z.array(DatabaseMember) }),
  app: z.strictObject({
    up: z.boolean(),
    /** Wanted replicas, and those that answer. */
    replicas: z.number().int().min(0),
    ready: z.number().int().min(0),
    /** What DNS says, and where the drivers went in the last seconds. */
    weightPercent: z.number().min(0).max(100),
    trafficPercent: z.number().min(0).max(100),
  }),
  vault: z.strictObject({ up: z.boolean(), objects: z.number().int().min(0) }),
});

/** What the servers themselves say, never what Holdfast says about them: it is there to prove the messages true. */
export const World = z.strictObject({
  regions: z.array(WorldRegion),
  writes: z.strictObject({
    perSecond: z.number().min(0),
    /** Writes the drivers had confirmed, and of those the ones that cannot be read back. */
    acknowledged: z.number().int().min(0),
    failed: z.number().int().min(0),
    lost: z.number().int().min(0),
  }),
  /** Milliseconds since 1970. */
  checkedAt: z.number(),
});

export type World = z.output<typeof World>;
export type WorldRegion = z.output<typeof WorldRegion>;

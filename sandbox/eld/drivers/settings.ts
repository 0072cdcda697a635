import { z } from 'zod';

/** What the drivers' process is told when it starts, as JSON in `ELD_DRIVERS_SETTINGS`. */
export const DriversSettings = z.strictObject({
  port: z.number().int(),
  /** Where the name servers are: the real address, not one region's gateway, because name servers outlive a region. */
  route53: z.url(),
  zoneId: z.string(),
  /** `api.eld.example` */
  name: z.string(),
  /** Writes a second, of all drivers together. */
  perSecond: z.number().positive(),
  drivers: z.number().int().positive(),
  /** `when-told`: by `POST /begin`, for a service that nobody may use before. */
  begin: z.enum(['at-once', 'when-told']),
  /** Where acknowledged writes are remembered. */
  ledger: z.string(),
  /** For the audit, with all members. */
  mongodbUri: z.string(),
});
export type DriversSettings = z.output<typeof DriversSettings>;

import { z } from 'zod';

/** What an instance is told when it starts, as JSON in `ELD_SERVICE_SETTINGS`. */
export const ServiceSettings = z.strictObject({
  name: z.string(),
  region: z.string(),
  port: z.number().int(),
  /** With all members: the driver finds the primary by itself, in whichever region it is. */
  mongodbUri: z.string(),
  /** The cluster's API server and the instance's own token, for its ConfigMap. */
  apiServer: z.url(),
  token: z.string(),
  namespace: z.string(),
  configMap: z.string(),
  /** Where the region's lease is renewed, and with what. Left out: this instance needs none. */
  lease: z.strictObject({ urls: z.array(z.url()).min(1), secret: z.string() }).optional(),
});
export type ServiceSettings = z.output<typeof ServiceSettings>;

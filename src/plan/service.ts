import { z } from 'zod';
import { Region } from '#core';
import { BucketName } from './backups.ts';
import { Name, Positive } from './units.ts';

const DnsName = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a DNS name like api.eld.example');

/** The service that is moved between regions. */
export const ServicePlan = z.strictObject({
  name: Name,
  title: z.string(),
  kubernetes: z.strictObject({
    namespace: z.string().min(1),
    deployment: z.string().min(1),
    /** How many run where it serves, and where it waits. */
    replicas: z.strictObject({ active: Positive, standby: z.number().int().nonnegative() }),
    configMap: z.strictObject({
      name: z.string().min(1),
      /** Which entry of the ConfigMap holds what. */
      keys: z.strictObject({ activeRegion: z.string().min(1), filesBucket: z.string().min(1) }),
    }),
  }),
  dns: z.strictObject({
    zone: DnsName,
    name: DnsName,
    ttlSeconds: Positive,
    /** For each region whose drivers can be turned away: in which other region's bucket the object lies that does it. */
    switch: z.record(Region, z.strictObject({ region: Region, bucket: BucketName })).optional(),
  }),
  filesBuckets: z.record(Region, BucketName),
  /**
   * The service's own Redis caches, one a region; without it nothing is done about caches. Where they are, the environment says:
   * HOLDFAST_CACHE_URLS.
   */
  caches: z
    .array(
      z.strictObject({
        name: Name,
        /** `promote`: the new region's copy goes on with what it has; `start_empty`: it must be empty. */
        onRegionLoss: z.enum(['promote', 'start_empty']),
      }),
    )
    .optional(),
  /** Where each region's service says whether it works, past the DNS weights: 200 if so. */
  health: z.strictObject({
    url: z
      .string()
      .refine((text) => URL.canParse(text.replaceAll('{region}', 'us-east-1')) && text.includes('{region}'), {
        error: 'an address with {region} in it, like https://{region}.eld.example/health',
      }),
  }),
  verification: z.strictObject({
    /** Every write the clients hold an acknowledgement for, by time. */
    acknowledgedWritesUrl: z.url(),
    /** What the clients see now: writes a second, failed, region shares. */
    statsUrl: z.url(),
    testWrites: Positive,
  }),
});
export type ServicePlan = z.output<typeof ServicePlan>;

import { type BucketAddress, inspectBucket, inspectLifecycle, lifecycleRules } from '#adapters/inspect';
import { awsEndpointOf, type Config } from '#config';
import { type Region, systemRandom } from '#core';
import type { Plan } from '#plan';
import type { Closers } from '../../main/closers.ts';
import { openAws } from '../../main/open-aws.ts';
import { type Check, wrong } from './check.ts';
import { dnsChecks } from './dns-checks.ts';
import { retentionChecks } from './retention-checks.ts';
import { vaultKeyChecks } from './vault-key-checks.ts';

/** Tiny, without a lock, and always the same key: all that doctor ever writes into a vault. */
const PROBE_KEY = 'doctor/probe';

/** The vault's buckets and keys, one a region, and the DNS records. */
export function awsChecks(config: Config, plan: Plan, closers: Closers): Check[] {
  const aws = openAws(plan, config, undefined, closers);
  const { stores, keys } = aws;
  const bucketOf = (region: Region): string => config.vaultBuckets?.[region] ?? plan.mongodb.vaultBuckets[region] ?? '';
  return [
    ...stores.map((store): Check => {
      const bucket = bucketOf(store.region);
      const endpoint = awsEndpointOf(config, store.region);
      return {
        name: `vault ${store.region}`,
        fix: `The rights in docs/operations.md on ${bucket}, and the region must answer.`,
        look: async () => {
          const { versioned, objectLock } = await inspectBucket({
            region: store.region,
            bucket,
            ...(endpoint ? { endpoint } : {}),
          });
          if (!versioned)
            throw wrong(
              `${bucket} keeps no versions.`,
              `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`,
            );
          if (!objectLock)
            throw wrong(
              `${bucket} has no Object Lock.`,
              `aws s3api put-object-lock-configuration --bucket ${bucket} --object-lock-configuration ObjectLockEnabled=Enabled`,
            );
          await rightLifecycle({ region: store.region, bucket, ...(endpoint ? { endpoint } : {}) }, plan);
          const probe = systemRandom(16);
          const { versionId } = await store.put(PROBE_KEY, probe, { lock: 'none', ifAbsent: false });
          if (!(await store.get(PROBE_KEY, versionId)).equals(probe))
            throw wrong(`${bucket} gives back other bytes than it was given.`);
          return `${bucket}: versions, Object Lock, rules for colder storage, written and read back`;
        },
      };
    }),
    ...retentionChecks(stores),
    ...vaultKeyChecks(stores, keys),
    ...dnsChecks(config, plan, aws),
  ];
}

/** What moves data into colder storage is the bucket's own, and made by an administrator: no role of ours may. */
async function rightLifecycle(where: BucketAddress, { mongodb }: Plan): Promise<void> {
  const wanted = lifecycleRules(mongodb.storageClasses.map((each) => each.class));
  const { missing, harmful } = await inspectLifecycle(where, wanted);
  if (harmful.length > 0)
    throw wrong(
      `${where.bucket} has rules that remove objects, or move what must be read at once: ${harmful.join(', ')}.`,
      'Take them away, or narrow them to prefixes that are not the vault. What goes is decided by /dr prune alone.',
    );
  if (missing.length > 0)
    throw wrong(
      `${where.bucket} has no rule ${missing.join(', ')}: nothing moves to colder storage, and costs more.`,
      `aws s3api put-bucket-lifecycle-configuration --bucket ${where.bucket} --lifecycle-configuration file://docs/lifecycle.json`,
    );
}

import { GetBucketLifecycleConfigurationCommand, type LifecycleRule as S3Rule } from '@aws-sdk/client-s3';
import { isInstant, StorageClass } from '#ports';
import { type BucketAddress, withBucket } from './inspect-bucket.ts';
import type { LifecycleRule } from './lifecycle.ts';

export interface LifecycleInspection {
  /** Wanted rules that are not there, or are switched off or other. */
  readonly missing: readonly string[];
  /** Rules of anybody's that remove objects, or move what is not only data into a class that is not read at once. */
  readonly harmful: readonly string[];
}

/** Compares a bucket's lifecycle with the rules it should have. Throws OBJECT_STORE_UNAVAILABLE or OBJECT_STORE_REFUSED. */
export const inspectLifecycle = (
  where: BucketAddress,
  wanted: readonly LifecycleRule[],
): Promise<LifecycleInspection> =>
  withBucket(where, async (client) => {
    const rules = await client
      .send(new GetBucketLifecycleConfigurationCommand({ Bucket: where.bucket }))
      .then(({ Rules = [] }) => Rules)
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'NoSuchLifecycleConfiguration') return [];
        throw error;
      });
    const enabled = rules.filter(({ Status }) => Status === 'Enabled');
    return {
      missing: wanted.filter((rule) => !enabled.some((other) => isSame(rule, other))).map(({ ID }) => ID),
      harmful: enabled.filter(isHarmful).map(({ ID = 'a rule without a name' }) => ID),
    };
  });

function isSame(wanted: LifecycleRule, { Filter, Transitions = [] }: S3Rule): boolean {
  const { Prefix, Tags } = wanted.Filter.And;
  const [tag] = Tags;
  const [move] = wanted.Transitions;
  const tags = Filter?.And?.Tags ?? [];
  return (
    Filter?.And?.Prefix === Prefix &&
    tags.length === 1 &&
    tags[0]?.Key === tag?.Key &&
    tags[0]?.Value === tag?.Value &&
    Transitions.some((each) => each.StorageClass === move?.StorageClass && each.Days === move?.Days)
  );
}

/** Locks keep versions from being removed, but not from being hidden; and what is read first must not be cold. */
function isHarmful({ Expiration, NoncurrentVersionExpiration, Filter, Prefix, Transitions = [] }: S3Rule): boolean {
  if (Expiration?.Days || Expiration?.Date || NoncurrentVersionExpiration) return true;
  const prefix = Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '';
  const onlyData = prefix.startsWith('segments/') && (Filter?.And?.Tags ?? []).length > 0;
  return !onlyData && Transitions.some(({ StorageClass: to }) => !isInstant(StorageClass.catch('GLACIER').parse(to)));
}

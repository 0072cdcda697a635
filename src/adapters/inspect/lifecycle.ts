import { CLASS_TAG, type StorageClass } from '#ports';

/** One rule of a bucket's lifecycle, in S3's own words. */
export interface LifecycleRule {
  readonly ID: string;
  readonly Status: 'Enabled';
  readonly Filter: {
    readonly And: {
      readonly Prefix: string;
      readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
    };
  };
  readonly Transitions: readonly { readonly Days: number; readonly StorageClass: StorageClass }[];
  readonly NoncurrentVersionTransitions: readonly {
    readonly NoncurrentDays: number;
    readonly StorageClass: StorageClass;
  }[];
}

/** S3 moves nothing younger into this class, and refuses a rule that says so. */
const LEAST_DAYS: Readonly<Partial<Record<StorageClass, number>>> = { STANDARD_IA: 30 };

/**
 * The rules that every bucket of the vault needs: each moves the data that was told to move there, as the same version.
 * They say nothing of age: what may move is decided each day by what needs it, and a bucket knows nothing of that. No rule
 * removes anything.
 */
export const lifecycleRules = (classes: readonly StorageClass[]): LifecycleRule[] =>
  classes.map((storageClass) => ({
    ID: `holdfast-${storageClass}`,
    Status: 'Enabled',
    Filter: { And: { Prefix: 'segments/', Tags: [{ Key: CLASS_TAG, Value: storageClass }] } },
    Transitions: [{ Days: LEAST_DAYS[storageClass] ?? 0, StorageClass: storageClass }],
    NoncurrentVersionTransitions: [{ NoncurrentDays: LEAST_DAYS[storageClass] ?? 1, StorageClass: storageClass }],
  }));

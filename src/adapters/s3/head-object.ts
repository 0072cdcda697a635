import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectLock } from '#ports';

export interface Head {
  readonly size: number;
  readonly lock: ObjectLock | 'none';
  readonly legalHold: boolean;
}

/** What S3 says about a version, in our words. */
export const headOf = (answer: HeadObjectCommandOutput): Head => ({
  size: answer.ContentLength ?? 0,
  lock: lockOf(answer.ObjectLockMode, answer.ObjectLockRetainUntilDate),
  legalHold: answer.ObjectLockLegalHoldStatus === 'ON',
});

function lockOf(mode: string | undefined, until: Date | undefined): ObjectLock | 'none' {
  if (!mode || !until) return 'none';
  return { mode: mode === 'COMPLIANCE' ? 'compliance' : 'governance', until };
}

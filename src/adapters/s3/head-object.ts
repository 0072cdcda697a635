import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { isInstant, type ObjectHead, type ObjectLock, type Storage, StorageClass } from '#ports';

/** What S3 says about a version, in our words. */
export const headOf = (answer: HeadObjectCommandOutput): ObjectHead => ({
  size: answer.ContentLength ?? 0,
  lock: lockOf(answer.ObjectLockMode, answer.ObjectLockRetainUntilDate),
  legalHold: answer.ObjectLockLegalHoldStatus === 'ON',
  storage: storageOf(answer.StorageClass, answer.Restore),
});

function lockOf(mode: string | undefined, until: Date | undefined): ObjectLock | 'none' {
  if (!mode || !until) return 'none';
  return { mode: mode === 'COMPLIANCE' ? 'compliance' : 'governance', until };
}

/** S3 names no class for STANDARD. Of one that we never ask for it is only known that it is read at once. */
function storageOf(storageClass: string | undefined, restore: string | undefined): Storage {
  const known = StorageClass.catch('STANDARD').parse(storageClass);
  if (isInstant(known)) return { class: known, state: 'instant' };
  if (restore === undefined) return { class: known, state: 'cold' };
  return { class: known, state: restore.includes('ongoing-request="true"') ? 'thawing' : 'thawed' };
}

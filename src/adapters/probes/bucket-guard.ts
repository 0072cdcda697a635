import type { Look } from '#ports';
import { type BucketAddress, inspectBucket } from '../inspect/inspect-bucket.ts';
import { inspectEncryption } from '../inspect/inspect-encryption.ts';

/** Whether a vault's bucket still locks, keeps versions and encrypts: what an intruder would turn off first. */
export const bucketGuardLook =
  (where: BucketAddress): Look =>
  async () => {
    const [{ versioned, objectLock }, encrypted] = await Promise.all([inspectBucket(where), inspectEncryption(where)]);
    const off = [
      ...(objectLock ? [] : ['Object Lock']),
      ...(versioned ? [] : ['versions']),
      ...(encrypted ? [] : ['encryption']),
    ];
    const numbers = { off: off.length };
    if (off.length === 0) {
      return { state: 'well', words: [`${where.bucket} locks, keeps versions and encrypts`], numbers };
    }
    return {
      state: 'failed',
      what: `vault has ${off.join(' and ')} turned off`,
      words: [`${where.bucket} has no ${off.join(', no ')}`],
      effect: ['What is locked already stays locked. What is written from now on is less protected.'],
      next: 'dr doctor',
      hostile: true,
      numbers,
    };
  };

import { sdkErrorFacts } from '#adapters/aws';
import { DrError } from '#core';

export interface S3Call {
  readonly region: string;
  readonly bucket: string;
  readonly action: string;
  readonly key: string;
}

/** What S3, or the way to it, answered, in our words. */
export function translateS3Error(thrown: unknown, call: S3Call): DrError {
  const { name, status } = sdkErrorFacts(thrown);
  const more = { cause: thrown, data: { ...call, code: name, status } };
  if (status === 412 || name === 'PreconditionFailed') {
    return new DrError('TARGET_EXISTS', 'permanent', `${call.key} exists already in ${call.region}.`, more);
  }
  // two writers at the same key at the same instant: one of them wins, the other may ask again
  if (status === 409 && name === 'ConditionalRequestConflict') {
    return new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', `${call.key} is being written by someone else.`, more);
  }
  if (status === 404 && name !== 'NoSuchBucket') {
    return new DrError('NOT_FOUND', 'permanent', `${call.key} is not in ${call.region}.`, more);
  }
  if (name === 'InvalidObjectState') {
    return new DrError('OBJECT_ARCHIVED', 'permanent', `${call.key} lies in cold storage in ${call.region}.`, {
      ...more,
      hint: 'A restore fetches it by itself: /dr restore',
    });
  }
  const slowDown = status === 429 || name === 'SlowDown' || name === 'RequestTimeout';
  if (status !== undefined && status >= 400 && status < 500 && !slowDown) {
    return new DrError(
      'OBJECT_STORE_REFUSED',
      'permanent',
      `The vault in ${call.region} refused (${name}, ${call.action}).`,
      { ...more, hint: hintFor(name, call) },
    );
  }
  return new DrError(
    'OBJECT_STORE_UNAVAILABLE',
    'transient',
    `The vault in ${call.region} does not answer (${name}).`,
    more,
  );
}

/** Bytes that changed on the way are no matter of rights: a machine that does this is not to be trusted with backups. */
const hintFor = (name: string, { bucket }: S3Call): string =>
  name === 'BadDigest' || name === 'XAmzContentSHA256Mismatch'
    ? "Bytes changed between hashing and arrival. Check this machine's memory and network, then try again."
    : `Check the rights on bucket ${bucket}, then try again.`;

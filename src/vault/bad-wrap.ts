import type { DrError } from '#core';

/** Whether a key service refused because of what it was given, not because of who asked: only then are the bytes at fault. */
export const isBadWrap = ({ code, data }: DrError): boolean =>
  code === 'KEY_REFUSED' && data['code'] === 'InvalidCiphertextException';

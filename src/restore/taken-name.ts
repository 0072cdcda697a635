import { DrError } from '#core';

/** The error for a new name that something has already. */
export const takenName = (namespace: string): DrError =>
  new DrError('TARGET_EXISTS', 'permanent', `There is a ${namespace} already; nothing is replaced.`, {
    hint: 'Restore again under another name: /dr restore ... --as',
  });

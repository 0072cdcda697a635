import { type Sha256, shortHash } from '#core';

/** What a button carries of a preview's hash: 64 bits. A whole hash does not fit into an entry of a Slack menu. */
export const hashMark = (hash: Sha256): string => hash.slice(0, 16);

/** Whether a person meant this preview: by a button's mark, by the whole hash, or by the eight digits that cards show, with their dash or without. */
export const marks = (given: string, hash: Sha256): boolean =>
  [hashMark(hash), hash, shortHash(hash), shortHash(hash).replace('-', '')].includes(given.toLowerCase());

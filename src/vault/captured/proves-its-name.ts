import { DrError } from '#core';
import { compareOplogTimes } from '#ports';
import { type CapturedHeader, decodeCapturedHeader } from './captured-file.ts';
import { archiveKeyName, hourKeyName, type StoredRange } from './captured-range.ts';

/** The header, if it is the one that belongs under that name. Throws BACKUP_DAMAGED or FORMAT_TOO_NEW (permanent). */
export function provesItsName(range: StoredRange, object: Buffer): CapturedHeader {
  const header = decodeCapturedHeader(object);
  const { timeline, token, from, through, key } = header;
  const isItself =
    isKeyOf(range, key) &&
    timeline === range.timeline &&
    token === range.token &&
    compareOplogTimes(from, range.from) === 0 &&
    compareOplogTimes(through, range.through) === 0;
  if (isItself) return header;
  throw new DrError('BACKUP_DAMAGED', 'permanent', 'A captured segment is another one than its name says.');
}

const isKeyOf = (range: StoredRange, key: string): boolean =>
  range.kind === 'segment'
    ? key === hourKeyName(range)
    : key.startsWith(archiveKeyName(range.timeline, range.key.split('/')[2] ?? ''));

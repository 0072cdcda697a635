import { MongoServerError } from 'mongodb';
import { DrError } from '#core';
import { translated } from './replica-set-errors.ts';

const NAMESPACE_NOT_FOUND = 26;
const NAMESPACE_EXISTS = 48;
/** Said by an index build that finds too little room, and by servers that look before they write. */
const OUT_OF_DISK_SPACE = 14031;
/**
 * Cursor gone, position in a capped collection overwritten, record to go on behind gone, plan killed by a rename or drop, time
 * to read at too long ago.
 */
const READ_OVERTAKEN = new Set([43, 136, 175, 211, 237, 239, 246]);
const DUPLICATE_KEY = 11000;
/** Index specifications that the data, the options or another index do not allow. */
const INDEX_REFUSED = new Set([67, 68, 85, 86, DUPLICATE_KEY]);

/** The server's code behind an error, if a server said anything. */
export const serverCode = (thrown: unknown): number | undefined =>
  thrown instanceof MongoServerError ? Number(thrown.code) : undefined;

/** Whether that answer says that a disk is full; storage engines pass on what the system said. */
export const isDiskFull = (code: number, message: string): boolean =>
  code === OUT_OF_DISK_SPACE || /no space left on device/i.test(message);

export const diskFull = (order: string, cause?: unknown): DrError =>
  new DrError('DISK_FULL', 'transient', `A disk of the database is full (asked to ${order}).`, {
    cause,
    hint: 'Make room on it now: a database without room ends itself.',
  });

/** What the backup engine makes of an answer. `order` is what was asked, in words: "read eld.driver_logs". */
export function engineError(thrown: unknown, host: string, order: string): DrError {
  const code = serverCode(thrown) ?? 0;
  const more = { cause: thrown, data: { host, serverCode: code } };
  if (code === NAMESPACE_NOT_FOUND) {
    return new DrError('NOT_FOUND', 'permanent', `There is no such collection (asked to ${order}).`, more);
  }
  if (code === NAMESPACE_EXISTS) {
    return new DrError('TARGET_EXISTS', 'permanent', `The collection exists already (asked to ${order}).`, more);
  }
  if (isDiskFull(code, thrown instanceof Error ? thrown.message : '')) return diskFull(order, thrown);
  if (READ_OVERTAKEN.has(code)) {
    return new DrError(
      'SOURCE_CHANGED',
      'transient',
      `A collection changed while ${host} was asked to ${order}.`,
      more,
    );
  }
  if (INDEX_REFUSED.has(code)) {
    const said = thrown instanceof Error ? thrown.message : '';
    return new DrError('RESTORE_MISMATCH', 'permanent', `The data does not allow to ${order}: ${said}`, more);
  }
  return translated(thrown, host, order);
}

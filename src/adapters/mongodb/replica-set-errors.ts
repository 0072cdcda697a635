import { MongoError, MongoServerError } from 'mongodb';
import { DrError } from '#core';

/** Elections, shutdowns, a configuration not yet settled: the same order works a moment later. */
const PASSING_CODES = new Set([
  6, 7, 64, 89, 91, 94, 109, 112, 125, 134, 189, 262, 290, 308, 317, 358, 384, 9001, 10058, 10107, 11600, 11602, 13435,
  13436,
]);
/**
 * Another reconfiguration, perhaps our own whose answer was late, came between reading the configuration and writing it. Code 103
 * alone also says that a configuration can never be.
 */
const OUTRUN = { code: 103, words: /version and term must be greater than old/ };
const MAX_TIME_EXPIRED = 50;
const NO_RIGHT = new Set([13, 18, 8000]);

/** What a member's answer, or its silence, means for the caller. `order` is what was asked of it, in words. */
export function translated(thrown: unknown, host: string, order: string): DrError {
  if (thrown instanceof DrError) return thrown;
  const data = { host };
  if (thrown instanceof MongoServerError) {
    const code = Number(thrown.code);
    const said = `${host} answered "${thrown.message}" (${code}) when asked to ${order}.`;
    if (code === MAX_TIME_EXPIRED) {
      return new DrError('TIMED_OUT', 'transient', `${host} could not ${order} in time.`, { cause: thrown, data });
    }
    if (NO_RIGHT.has(code)) {
      return new DrError('DATABASE_REFUSED', 'permanent', said, {
        cause: thrown,
        data,
        hint: "Give the operator user the right named above: docs/operations.md, 'The protected replica set'.",
      });
    }
    if (PASSING_CODES.has(code) || (code === OUTRUN.code && OUTRUN.words.test(thrown.message))) {
      return new DrError('DATABASE_UNAVAILABLE', 'transient', said, { cause: thrown, data });
    }
    return new DrError('DATABASE_REFUSED', 'permanent', said, { cause: thrown, data });
  }
  if (thrown instanceof MongoError || isBrokenConnection(thrown)) {
    return new DrError('DATABASE_UNAVAILABLE', 'transient', `${host} does not answer (asked to ${order}).`, {
      cause: thrown,
      data,
    });
  }
  return new DrError('UNEXPECTED', 'bug', `Asking ${host} to ${order} failed: ${String(thrown)}`, { cause: thrown });
}

/** A member that dies while it is written to is told by the system, and the driver passes that on as it is. */
const isBrokenConnection = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && ['EPIPE', 'ECONNRESET', 'ECONNABORTED'].includes(String(thrown.code));

/** Not the primary, or not any more: ask who is. */
export const isNotPrimary = (error: DrError): boolean =>
  error.cause instanceof MongoServerError && [91, 189, 10107, 11600, 11602, 13435].includes(Number(error.cause.code));

import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { DrError } from '#core';
import { PASSING_ERRORS, refusalAbout } from './refusals.ts';

/** Waits no longer for a rate limit than this, whatever the header says: a typing error there must not silence us. */
const LONGEST_WAIT_MS = 120_000;

/** What the SDK threw, in the port's words. `method` is Slack's name of the call. */
export function asChatError(method: string, thrown: unknown): DrError {
  if (thrown instanceof DrError) return thrown;
  if (thrown instanceof WebAPIRateLimitedError) return unavailable(method, thrown, thrown.retryAfter * 1000);
  if (thrown instanceof WebAPIPlatformError) {
    const error = thrown.data.error;
    if (/^rate_?limited$/.test(error)) return unavailable(method, thrown, 1000);
    if (PASSING_ERRORS.has(error)) return unavailable(method, thrown);
    return refused(method, error, thrown, thrown.data.response_metadata?.messages);
  }
  if (thrown instanceof WebAPIHTTPError && thrown.statusCode < 500 && thrown.statusCode !== 408) {
    return refused(method, `http_${thrown.statusCode}`, thrown);
  }
  return unavailable(method, thrown);
}

export function unavailable(method: string, cause: unknown, retryAfterMs?: number): DrError {
  const data = retryAfterMs === undefined ? {} : { retryAfterMs: Math.min(retryAfterMs, LONGEST_WAIT_MS) };
  const message = retryAfterMs === undefined ? `Slack does not answer (${method}).` : `Slack asks to wait (${method}).`;
  return new DrError('CHAT_UNAVAILABLE', 'transient', message, {
    cause,
    data,
    hint: 'The same commands work in the terminal: npm run -s dr -- status',
  });
}

export function refused(method: string, error: string, cause?: unknown, details: readonly string[] = []): DrError {
  const why = details.length > 0 ? `${error}: ${details.join('; ')}` : error;
  return new DrError('CHAT_REFUSED', 'permanent', `Slack refused ${method}: ${why}.`, {
    cause,
    data: { error, about: refusalAbout(error) },
  });
}

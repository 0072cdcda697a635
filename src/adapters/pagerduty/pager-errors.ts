import { z } from 'zod';
import { DrError } from '#core';
import type { Head } from './way-out.ts';

/** What PagerDuty advises where it names no time itself: https://developer.pagerduty.com/docs/events-api-v2-overview */
const USUAL_WAIT_MS = 30_000;
/** No longer than this, whatever the header says: a typing error there must not silence us. */
const LONGEST_WAIT_MS = 120_000;

const unavailable = (why: string, more: { cause?: unknown; data?: Record<string, unknown> } = {}): DrError =>
  new DrError('PAGER_UNAVAILABLE', 'transient', `PagerDuty does not answer: ${why}.`, {
    hint: 'Pages go out by the other ways. dr doctor',
    ...more,
  });

export const noAnswer = (why: string, cause?: unknown): DrError => unavailable(why, { cause });

export const unwell = (status: number): DrError => unavailable(`it says ${status}`, { data: { status } });

/** A 2xx that is not PagerDuty's: a proxy's page, half a body. What was asked may have been done. */
export const notUnderstood = (status: number): DrError =>
  unavailable(`what came with ${status} is not its answer`, { data: { status } });

/** `retry-after` and `ratelimit-reset` are both whole seconds; events have neither. */
export function tooManyCalls(head: Head): DrError {
  const named = Number(head.header('retry-after') ?? head.header('ratelimit-reset') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(named) ? Math.min(Math.max(named, 1) * 1000, LONGEST_WAIT_MS) : USUAL_WAIT_MS;
  return unavailable('too many calls, it asks to wait', { data: { status: 429, retryAfterMs } });
}

/** REST: `{ error: { message, code, errors } }`; events: `{ status, message, errors }`. */
const Said = z.object({
  message: z.string().optional(),
  errors: z.union([z.string(), z.array(z.string())]).optional(),
  error: z
    .object({
      message: z.string().optional(),
      code: z.number().optional(),
      errors: z.union([z.string(), z.array(z.string())]).optional(),
    })
    .optional(),
});

export function refused(status: number, data: unknown, secrets: readonly string[]): DrError {
  const said = Said.safeParse(data).data;
  const message = said?.error?.message ?? said?.message;
  const words = [message ?? 'no reason given', ...[said?.error?.errors ?? said?.errors ?? []].flat()].join('; ');
  const why = secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), words);
  const line = why.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 200);
  return new DrError('PAGER_REFUSED', 'permanent', `PagerDuty refused: ${status} ${line}.`, {
    data: { status, code: said?.error?.code },
    hint: hintFor(status),
  });
}

function hintFor(status: number): string {
  if (status >= 300 && status < 400) return 'PAGERDUTY_EVENTS_URL or PAGERDUTY_API_URL leads elsewhere. dr doctor';
  if (status === 401) return 'Set PAGERDUTY_TOKEN to a key that is valid. dr doctor';
  if (status === 402 || status === 403) {
    return 'The token needs write access, and the account a plan with "Add Responders". dr doctor';
  }
  return 'dr doctor';
}

import { z } from 'zod';
import { isSignedWith } from '../signature.ts';
import { smsLength } from './gsm.ts';

const OLDEST_SECONDS = 300;
const PHONE = /^\+[0-9-]{6,20}$/;

const Message = z.discriminatedUnion('kind', [
  z.strictObject({
    id: z.string().min(1),
    kind: z.literal('sms'),
    to: z.string().regex(PHONE),
    text: z.string().min(1),
  }),
  z.strictObject({
    id: z.string().min(1),
    kind: z.literal('voice'),
    to: z.string().regex(PHONE),
    text: z.string().min(1),
  }),
  z.strictObject({
    id: z.string().min(1),
    kind: z.literal('email'),
    to: z.email(),
    subject: z.string(),
    text: z.string().min(1),
  }),
  z.strictObject({
    id: z.string().min(1),
    kind: z.literal('webhook'),
    to: z.string(),
    subject: z.string(),
    text: z.string().min(1),
  }),
]);
export type Message = z.output<typeof Message>;
const Check = z.strictObject({ kind: z.enum(['sms', 'voice', 'email', 'webhook']), check: z.literal(true) });

export interface Headers {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** The message, `check`, or why it is refused, with the status. */
export function checkMessage(
  body: string,
  headers: Headers,
  { secret, now }: { secret: string; now: number },
): { readonly message: Message } | { readonly check: true } | { readonly status: number; readonly why: string } {
  const { timestamp = '', signature = '', idempotencyKey } = headers;
  if (!isSignedWith(secret, `${timestamp}.${body}`, signature)) return { status: 401, why: 'The signature is wrong.' };
  if (Math.abs(now / 1000 - Number(timestamp)) > OLDEST_SECONDS) return { status: 401, why: 'The message is too old.' };
  if (idempotencyKey === undefined) return { status: 400, why: 'Idempotency-Key is missing.' };
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return { status: 400, why: 'The body is no JSON.' };
  }
  if (Check.safeParse(given).success) return { check: true };
  const read = Message.safeParse(given);
  if (!read.success) return { status: 400, why: z.prettifyError(read.error) };
  if (read.data.id !== idempotencyKey) return { status: 400, why: 'id and Idempotency-Key differ.' };
  if (read.data.kind === 'sms') {
    const length = smsLength(read.data.text);
    if (length === undefined) return { status: 400, why: 'The text has characters that GSM does not know.' };
    if (length > 160) return { status: 400, why: `The text takes ${length} septets; an SMS has 160.` };
  }
  return { message: read.data };
}

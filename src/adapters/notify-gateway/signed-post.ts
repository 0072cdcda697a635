import { createHmac } from 'node:crypto';
import { fetch, type Response } from 'undici';
import { z } from 'zod';
import { DrError } from '#core';
import type { NotifierKind } from '#ports';

const LONGEST_ANSWER = 10_000;
const LONGEST_WAIT_MS = 120_000;

/** How a gateway says that it has the message, and which. */
const Taken = z.object({ id: z.string() });

export interface GatewayAddress {
  readonly kind: NotifierKind;
  readonly url: string;
  /** Shared with the gateway: signs what we send. */
  readonly secret: string;
  /** The time that is signed along, so that what somebody caught can't be sent again much later. */
  readonly now: () => Date;
  readonly timeoutMs: number;
}

/**
 * One signed POST, as docs/notify-gateway.md has it. Ends by the deadline. Throws NOTIFIER_UNAVAILABLE (silence, 5xx, 408,
 * 429) or NOTIFIER_REFUSED (with the gateway's word).
 */
export async function signedPost(to: GatewayAddress, id: string, message: Record<string, unknown>): Promise<void> {
  const body = JSON.stringify(message);
  const timestamp = String(Math.floor(to.now().getTime() / 1000));
  const over = new AbortController();
  const signal = AbortSignal.any([AbortSignal.timeout(to.timeoutMs), over.signal]);
  try {
    const answer = await fetch(to.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': id,
        'x-holdfast-timestamp': timestamp,
        'x-holdfast-signature': `v1=${createHmac('sha256', to.secret).update(`${timestamp}.${body}`).digest('hex')}`,
      },
      // A telephone number must not follow to wherever it is sent.
      redirect: 'manual',
      signal,
    });
    if (!answer.ok) throw await failure(to, answer);
    const taken = Taken.safeParse(jsonIn(await firstOf(answer)));
    // A proxy's page says 200 as well, and would have swallowed the message.
    if (taken.data?.id !== id)
      throw unavailable(to, 'what came is not its answer', undefined, { status: answer.status });
  } catch (thrown) {
    throw thrown instanceof DrError ? thrown : unavailable(to, 'no answer in time', thrown);
  } finally {
    // Whatever is still coming in is not read on.
    over.abort();
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function failure(to: GatewayAddress, answer: Response): Promise<DrError> {
  const { status } = answer;
  if (status === 429) {
    const named = Number(answer.headers.get('retry-after') ?? Number.NaN);
    const wait = Number.isFinite(named) ? { retryAfterMs: Math.min(Math.max(named, 1) * 1000, LONGEST_WAIT_MS) } : {};
    return unavailable(to, 'too many messages, it asks to wait', undefined, { status, ...wait });
  }
  if (status >= 500 || status === 408) return unavailable(to, `it says ${status}`, undefined, { status });
  const word = (await firstOf(answer))
    .replaceAll(to.secret, '[secret]')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return new DrError(
    'NOTIFIER_REFUSED',
    'permanent',
    `The ${to.kind} gateway refused: ${status} ${word.slice(0, 200)}`,
    {
      data: { status, word: word.slice(0, 200) },
      hint: status === 401 ? 'HOLDFAST_GATEWAY_SECRET is not the one the gateway has. dr doctor' : 'dr doctor',
    },
  );
}

/** The start of a body: megabytes are no answer. */
async function firstOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= LONGEST_ANSWER) break;
  }
  return text;
}

const unavailable = (
  { kind }: GatewayAddress,
  why: string,
  cause?: unknown,
  data: Record<string, unknown> = {},
): DrError =>
  new DrError('NOTIFIER_UNAVAILABLE', 'transient', `The ${kind} gateway does not answer: ${why}.`, { cause, data });

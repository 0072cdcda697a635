import { randomUUID } from 'node:crypto';
import { type Clock, gsmText } from '#core';
import type { Notice, Notifier, NotifierKind } from '#ports';
import { type GatewayAddress, signedPost } from './signed-post.ts';

export interface NotifyGatewayOptions {
  readonly kind: NotifierKind;
  readonly url: string;
  readonly secret: string;
  readonly clock: Clock;
  /** Within how long a call ends. Default 8 s. */
  readonly timeoutMs?: number;
}

/** Longer texts are no message to a person, and would cost an SMS gateway money. */
const LONGEST_TEXT = 4_000;

/** SMS, voice, e-mail or a webhook by whatever stands behind one address that speaks docs/notify-gateway.md. */
export function notifyGateway(options: NotifyGatewayOptions): Notifier & {
  /** Whether it answers and takes our signature; nobody is told anything. Throws as `send` does. */
  check(): Promise<void>;
} {
  const to: GatewayAddress = {
    kind: options.kind,
    url: options.url,
    secret: options.secret,
    now: () => options.clock.now(),
    timeoutMs: options.timeoutMs ?? 8_000,
  };
  return {
    kind: options.kind,
    send: (notice) => signedPost(to, notice.id, messageOf(options.kind, notice)),
    check: () => signedPost(to, randomUUID(), { kind: options.kind, check: true }),
  };
}

function messageOf(kind: NotifierKind, { id, to, subject, text }: Notice): Record<string, unknown> {
  const words = kind === 'sms' ? gsmText(text) : [...text].slice(0, LONGEST_TEXT).join('');
  return { id, kind, to, ...(kind === 'email' || kind === 'webhook' ? { subject } : {}), text: words };
}

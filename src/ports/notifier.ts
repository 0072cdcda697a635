/** A way to reach one person besides Slack and the pager. */
export const NOTIFIER_KINDS = ['sms', 'voice', 'email', 'webhook'] as const;
export type NotifierKind = (typeof NOTIFIER_KINDS)[number];

export interface Notice {
  /** The idempotency key; a gateway that sees it twice delivers once. */
  readonly id: string;
  /** A telephone number or an address, as the plan has it. */
  readonly to: string;
  /** Only e-mail and webhooks show it. */
  readonly subject: string;
  /** An SMS is at most 160 characters of the GSM alphabet; a voice text is read out twice. */
  readonly text: string;
}

/**
 * A gateway that sends messages to people. Throws NOTIFIER_UNAVAILABLE (transient) or NOTIFIER_REFUSED (permanent, with the
 * gateway's word). `send` may be repeated: the id makes it one message.
 */
export interface Notifier {
  readonly kind: NotifierKind;
  send(notice: Notice): Promise<void>;
}

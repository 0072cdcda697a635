/**
 * What Slack answers instead of `ok: true`. The double throws this inside and turns it into a response
 * at its door. It is deliberately not Holdfast's own DrError: a double that shares code with the thing
 * it checks would share its mistakes too.
 */
export class SlackApiRefusal extends Error {
  readonly error: string;
  readonly messages: readonly string[];
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(error: string, messages: readonly string[] = [], extra: Readonly<Record<string, unknown>> = {}) {
    super(messages.length === 0 ? error : `${error}: ${messages.join('; ')}`);
    this.error = error;
    this.messages = messages;
    this.extra = extra;
  }

  /** The JSON body as Slack writes it: `errors` and `response_metadata.messages` only when there are details. */
  toBody(): Record<string, unknown> {
    const details =
      this.messages.length === 0
        ? {}
        : {
            ...(this.error === 'invalid_blocks' ? { errors: this.messages } : {}),
            response_metadata: { messages: this.messages.map((message) => `[ERROR] ${message}`) },
          };
    return { ok: false, error: this.error, ...this.extra, ...details };
  }
}

/** Throws {@link SlackApiRefusal}; typed `never` so that callers narrow. */
export function refuse(
  error: string,
  messages: readonly string[] = [],
  extra: Readonly<Record<string, unknown>> = {},
): never {
  throw new SlackApiRefusal(error, messages, extra);
}

import type { ErrorCode } from './error-codes.ts';

/**
 * What a caller may do about an error.
 * - `user`: the person asked for something that can't be; tell them, nothing was changed.
 * - `transient`: the same call may work later; retry.
 * - `permanent`: no retry helps; stop and tell the thread.
 * - `bug`: we are wrong; stop, page us, show an id.
 */
export type ErrorKind = 'user' | 'transient' | 'permanent' | 'bug';

/**
 * The only error class. Fields decide, not subclasses, so that a new case never needs a new `catch`.
 * `message` is a sentence a person may read; `hint` is the next safe thing to do.
 */
export class DrError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    kind: ErrorKind,
    message: string,
    more: { hint?: string; cause?: unknown; data?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'DrError';
    this.code = code;
    this.kind = kind;
    this.hint = more.hint;
    this.data = more.data ?? {};
  }
}

/** Any thrown thing as a DrError. What no adapter translated is a bug, never silently a retry. */
export function asDrError(thrown: unknown): DrError {
  if (thrown instanceof DrError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new DrError('UNEXPECTED', 'bug', message, { cause: thrown });
}

/** Ends a switch over a union: adding a case without handling it does not compile. */
export function unreachable(value: never): never {
  throw new DrError('UNEXPECTED', 'bug', `Unhandled case: ${JSON.stringify(value)}`);
}

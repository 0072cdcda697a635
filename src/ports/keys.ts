import type { Region } from '#core';

/** What a wrapped key is bound to: unwrapping with any other context is refused. Not secret; it is logged. */
export type KeyContext = Readonly<Record<string, string>>;

/** A wrapped data key, and which key of the service can open it: its own name (an ARN), not an alias that may move on. */
export interface WrappedKey {
  readonly wrapped: Buffer;
  readonly keyName: string;
}

/**
 * A region's key-encryption key, which never leaves its service. It wraps data keys; data is never sent to it.
 * Any call may throw KEY_REFUSED (permanent; `data.code`) or SERVICE_UNAVAILABLE (transient; the region may be dead).
 */
export interface KeyService {
  readonly region: Region;
  /** What is asked to wrap, as people call it (an alias). Which key that is may change; `wrap` says. */
  readonly keyName: string;
  /** Wraps under the key that is current now. Never the same bytes twice. */
  wrap(dataKey: Uint8Array, context: KeyContext): Promise<WrappedKey>;
  /** Opens what the current key wrapped, or one that is named as an earlier one; any other is KEY_REFUSED. */
  unwrap(wrapped: Uint8Array, context: KeyContext): Promise<Buffer>;
}

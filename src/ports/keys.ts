import type { Region } from '#core';

/** What a wrapped key is bound to: unwrapping with any other context is refused. Not secret; it is logged. */
export type KeyContext = Readonly<Record<string, string>>;

/**
 * A region's key-encryption key, which never leaves its service. It wraps data keys; data is never sent to it.
 * Any call may throw KEY_REFUSED (permanent; `data.code`) or SERVICE_UNAVAILABLE (transient; the region may be dead).
 */
export interface KeyService {
  readonly region: Region;
  /** Which key of the service wraps, as a name for the record (an ARN). */
  readonly keyName: string;
  wrap(dataKey: Uint8Array, context: KeyContext): Promise<Buffer>;
  unwrap(wrapped: Uint8Array, context: KeyContext): Promise<Buffer>;
}

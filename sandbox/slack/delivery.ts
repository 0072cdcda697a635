/** One payload on its way to the app, whichever way it goes. */
export interface Envelope {
  readonly kind: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Record<string, unknown>;
  /** Events only: which repetition this is and why the one before did not count. */
  readonly retry?: { readonly number: number; readonly reason: RetryReason };
}

export type RetryReason = 'http_timeout' | 'connection_failed' | 'http_error';

/** The word the client shows after `failed with the error`. */
export type DeliveryError = 'operation_timeout' | 'dispatch_failed' | 'http_service_error';

export type Delivered =
  | { readonly state: 'acked'; readonly body: unknown }
  | {
      readonly state: 'failed';
      readonly error: DeliveryError;
      readonly reason: RetryReason;
      readonly noRetry?: boolean;
    };

/** A way to the app: Socket Mode or signed HTTP. Never throws: a failure is an answer. */
export interface Delivery {
  deliver(envelope: Envelope): Promise<Delivered>;
}

export const timedOut: Delivered = { state: 'failed', error: 'operation_timeout', reason: 'http_timeout' };
export const unreachable: Delivered = { state: 'failed', error: 'dispatch_failed', reason: 'connection_failed' };
